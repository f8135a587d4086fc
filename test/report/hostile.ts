/** Texts a pull request may hold to make a report do something. Each is put where names, reasons and SQL go. */
export const hostile = [
  '@octocat please approve, cc @org/team and mail a@b.example',
  'fixes #12, GH-34 and octo/repo#56, see octo/repo@0123456789abcdef0123456789abcdef01234567',
  'https://evil.example/x www.evil.example ftp://evil.example <https://evil.example> mailto:a@evil.example',
  '[click](https://evil.example) ![image](https://evil.example/pixel.png) [ref]: https://evil.example',
  '<img src=x onerror=alert(1)><script>alert(1)</script><details open><summary>x</summary>',
  '</details></table></code></pre><h1>gone</h1><!-- airlock:report -->',
  'a | b | c\n| --- | --- |\n| forged | row |',
  '```\n</details>\n# heading\n````\n~~~~\n`````sql\n',
  '`code` ``more`` **bold** _it_ ~~gone~~ \\`escaped\\` \\| \\',
  '$E=mc^2$ and $$x$$ :smile: &lt;b&gt; &#64;octocat [^1] - [ ] task',
  '\n\n# Heading\n\n> quote\n\n- list\n\n1. list\n\n---\n\n    code',
  '::add-mask::x\n::stop-commands::x\r::error::x\n  ::set-output name=a::b\n##[add-mask]x ##[error]y',
  '\u001b[2J\u001b]0;title\u0007\u001b[31mred \u009b31m \u202egnp.exe\u202c \u2066x\u2069 zero\u200bwidth \ufeffbom \u0000nul \u0008back',
  '\u2028::error::separator\u2029::warning::x\u0085::notice::x\u000b::debug::x\u000c::group::x',
  '\ud800 lone \udc00',
] as const;
