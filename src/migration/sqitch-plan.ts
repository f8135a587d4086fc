import type { SourceFile, Span } from '../sql/source.ts';

export interface PlannedChange {
  readonly name: string;
  readonly span: Span;
  /**
   * For a change that was reworked later: the tags between it and its rework, as places in `tags`, the last one
   * exclusive. Undefined for the last (or only) change of a name, whose files carry no tag.
   */
  readonly reworked?: { readonly from: number; readonly to: number } | undefined;
}

export interface Plan {
  /** In order of execution. */
  readonly changes: readonly PlannedChange[];
  /** Without the `@`, in the order of the plan. */
  readonly tags: readonly string[];
}

/** Reads a `sqitch.plan` (sqitch.org, "sqitchchanges" and "sqitch-plan"). Pragmas, notes and dependencies are left out. */
export function readPlan(file: SourceFile): Plan {
  const tags: string[] = [];
  const changes: PlannedChange[] = [];
  const latest = new Map<string, { readonly place: number; readonly from: number }>();
  for (let number = 1; number <= file.lineCount; number++) {
    const line = file.line(number).replace(/^\uFEFF/, ' ');
    const tag = /^\s*@([^\s#]+)/.exec(line)?.[1];
    if (tag !== undefined) {
      tags.push(tag);
      continue;
    }
    const [whole, lead = '', name] = /^(\s*[+-]?\s*)([^\s%#@[][^\s[]*)/.exec(line) ?? [];
    if (whole === undefined || name === undefined) continue;
    const before = latest.get(name);
    const earlier = before && changes[before.place];
    if (before && earlier)
      changes[before.place] = { ...earlier, reworked: { from: before.from, to: tags.length } };
    latest.set(name, { place: changes.length, from: tags.length });
    const start = file.lineStart(number) + lead.length;
    changes.push({ name, span: { start, end: start + name.length } });
  }
  return { changes, tags };
}
