import type { SourceFile, Span } from '../sql/source.ts';

export interface PlannedChange {
  readonly name: string;
  readonly span: Span;
  /**
   * Tags between this change and its rework, without the `@`. Empty for the last (or only) change of a name:
   * that one's files carry no tag.
   */
  readonly reworkTags: readonly string[];
}

/** The changes of a `sqitch.plan`, in order (sqitch-plan: "Format"). Pragmas, notes and dependencies are left out. */
export function readPlan(file: SourceFile): PlannedChange[] {
  const changes: { name: string; span: Span; tags: string[]; reworked: boolean }[] = [];
  const open = new Map<string, (typeof changes)[number]>();
  for (let number = 1; number <= file.lineCount; number++) {
    const line = file.line(number).replace(/^\uFEFF/, ' ');
    const tag = /^\s*@([^\s#]+)/.exec(line)?.[1];
    if (tag !== undefined) {
      for (const change of open.values()) change.tags.push(tag);
      continue;
    }
    const [whole, lead = '', name] = /^(\s*[+-]?\s*)([^\s%#@[][^\s[]*)/.exec(line) ?? [];
    if (whole === undefined || name === undefined) continue;
    const start = file.lineStart(number) + lead.length;
    const before = open.get(name);
    if (before) before.reworked = true;
    const change = { name, span: { start, end: start + name.length }, tags: [], reworked: false };
    open.set(name, change);
    changes.push(change);
  }
  return changes.map(({ name, span, tags, reworked }) => ({ name, span, reworkTags: reworked ? tags : [] }));
}
