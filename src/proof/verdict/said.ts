import type { SectionName, Severity } from '../../rules/rule.ts';
import type { Span } from '../../sql/source.ts';

/** What a proof says, before it gets its rule's severity and its place in a file. */
export interface Said {
  readonly ruleId: string;
  readonly message: string;
  readonly section?: SectionName | undefined;
  readonly span?: Span | undefined;
  /** The statement it is about, which ignore comments stand before; not given where it is about the whole. */
  readonly statement?: Span | undefined;
  readonly advice?: string | undefined;
  readonly severity?: Severity | undefined;
}
