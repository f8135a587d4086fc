const BLOCK = /(^```console\n)([\s\S]*?)(^```$)/gm;

/** Texts of the blocks that hold commands and what they print. */
export function blocksOf(page: string): string[] {
  return [...page.matchAll(BLOCK)].map(([, , text = '']) => text);
}

/** The page with what its commands print now; one that differs in nothing but times stays as it is. */
export function withBlocks(page: string, now: readonly string[]): string {
  let at = 0;
  return page.replace(BLOCK, (whole, open: string, text: string, close: string) => {
    const fresh = now[at++] ?? '';
    return comparable(text) === comparable(fresh) ? whole : `${open}${fresh}${close}`;
  });
}

/** Commands of a block: a line behind `$ `, and those behind `> ` that go on with it. */
export function commandsOf(block: string): string[] {
  const commands: string[] = [];
  let open = false;
  for (const line of block.split('\n')) {
    const continues: boolean = open && /^>(?: |$)/.test(line);
    if (line.startsWith('$ ')) commands.push(line.slice(2));
    else if (continues) commands.push(`${commands.pop()}\n${line.slice(2)}`);
    open = line.startsWith('$ ') || continues;
  }
  return commands;
}

/** Without what is another each time: times, process numbers, tokens, and the columns that move with them. */
export function comparable(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d(?::?\d\d)?)?/g, '<time>')
    .replace(/\b20\d{12}(?=_add_gift_note_to_orders)/g, '<stamp>')
    .replace(/(?:[<≈] ?|about )?\b\d+(?:\.\d+)? (?:ms|s|min)\b/g, '<duration>')
    .replace(/\b\d+(?:\.\d+)? times that/g, '<n> times that')
    .replace(/\b\d+ %/g, '<n> %')
    .replace(/\bprocess(?:_id)?\b([: |]+)\d+/g, 'process$1<n>')
    .replace(/\{[\d.]+(?:,[\d.]+)+\}/g, '{<sessions>}')
    .replace(/\b\d of its sessions (?:was|were) ended/g, '<n> of its sessions were ended')
    .replace(/^(duration_ms|lock_wait_ms)( +\|) \d+$/gm, '$1$2 <n>')
    .replace(/^\[\d\d:\d\d:\d\d\.\d+\]/gm, '[<time>]')
    .replace(/airlock1\.[\w-]+\.[\w-]+/g, '<token>')
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<run>')
    .replace(/\b\d+\.\d{10,} +\| +\d+/g, '<average> | <longest>')
    .replace(/^( {4}\d+ +)\S.*?…/gm, '$1…')
    .replace(/-{3,}(?:\+-+)*/g, '---')
    .replace(/[ \t]+/g, ' ')
    .replace(/ $/gm, '');
}
