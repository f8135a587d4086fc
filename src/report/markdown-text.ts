import { clip, visible, visibleLine } from './visible.ts';

/**
 * Hostile text inside GitHub's markdown. GitHub looks for mentions, references and addresses in the rendered
 * text, where a backslash or an entity is already gone, so those are broken with a word joiner, which takes no room;
 * code elements are left alone by it, but not by mails and other readers, so it is done there too.
 */
const GAP = '\u2060';

/** Text within a paragraph, a table cell or a link; one line, at most `length` characters before escaping. Cut early too: escaping megabytes to show a line of them takes long. */
export function inline(text: string, length = 600): string {
  return escapeInline(clip(visibleLine(clip(text, length * 4)), length));
}

/** As `inline`, but `word` between backticks becomes code, and line feeds become line breaks: for our own explanations. */
export function prose(text: string, length = 1_500): string {
  return clip(visible(clip(text, length * 4)).trim(), length)
    .split(/\n+/)
    .map((line) =>
      line
        .replace(/\s+/g, ' ')
        .split(/`([^`]+)`/)
        .map((part, index) => (index % 2 === 1 ? `<code>${escapeInline(part)}</code>` : escapeInline(part)))
        .join(''),
    )
    .join('<br>');
}

/**
 * As `inline`, inside an HTML element that begins a line, such as a `summary`: markdown is not read there, so that its
 * escapes would be seen (CommonMark, "HTML blocks").
 */
export function insideHtml(text: string, length = 600): string {
  return unlinked(clip(visibleLine(clip(text, length * 4)), length).replace(/[&<>$@#"]/g, escapeCharacter));
}

/** A code element: unlike backticks it needs no counting, and `|` in it cannot end a table cell. */
export function code(text: string, length = 300): string {
  return `<code>${inline(text, length)}</code>`;
}

/** A fenced block that its content cannot close; `text` keeps its lines. */
export function fence(text: string, language: string): string {
  // A hidden marker in it could be taken for the one our comment is found by.
  const body = visible(text).replaceAll('<!--', `<!${GAP}--`);
  const longest = Math.max(2, ...[...body.matchAll(/`+/g)].map((run) => run[0].length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}${language}\n${body.replace(/\n+$/, '')}\n${ticks}`;
}

/** A link where the address is http(s), else the bare label. The label is markdown. */
export function link(label: string, url: string | undefined): string {
  const safe = url === undefined ? undefined : safeUrl(url);
  return safe === undefined ? label : `[${label}](${safe})`;
}

/** Undefined for anything but http and https; what could end a link or is no part of an address is percent-encoded. */
export function safeUrl(url: string): string | undefined {
  if (!/^https?:\/\/[^\s/]/i.test(url) || url.length > 2_000 || !URL.canParse(url)) return undefined;
  return url
    .toWellFormed()
    .replace(/[^A-Za-z0-9\-._~:/?#@!$&*+,;=%]/gu, (character) =>
      [...Buffer.from(character, 'utf8')]
        .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
        .join(''),
    );
}

function escapeInline(text: string): string {
  return unlinked(text.replace(/[\\`*_[\]~|&<>$@#]/g, escapeCharacter));
}

function unlinked(text: string): string {
  return text
    .replace(/:(?=\/\/)/g, `:${GAP}`)
    .replace(/:(?=[\w+-]+:)/g, `:${GAP}`)
    .replace(/\bwww(?=\.)/gi, (start) => start + GAP)
    .replace(/\bgh-(?=\d)/gi, (start) => start + GAP);
}

function escapeCharacter(character: string): string {
  switch (character) {
    case '&':
      return '&amp;';
    case '"':
      return '&quot;';
    case '<':
      return '&lt;';
    case '>':
      return '&gt;';
    // GitHub's own advice against being read as mathematics; a backslash does not help outside of it.
    case '$':
      return '<span>$</span>';
    case '@':
    case '#':
      return character + GAP;
    default:
      return `\\${character}`;
  }
}
