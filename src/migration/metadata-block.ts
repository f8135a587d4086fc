import type { SourceFile, Span } from '../sql/source.ts';
import { parseJson } from './json-text.ts';
import type { Metadata } from './metadata.ts';
import { checkMetadata, type MetadataProblem } from './metadata-fields.ts';
import type { ReadingProblem } from './migration.ts';
import { firstLine } from './sections.ts';

const OPENING = /^--\s*@metadata(?![\w-])/;
/** What may follow the metadata in the same run of comments ends it. */
const NEXT = /^--\s*(?:@[A-Za-z]|(?:up|down|verify)\s*$)/i;

export interface MetadataReading {
  readonly metadata?: Metadata | undefined;
  /** The comments that hold it; an empty span where it would stand. */
  readonly span: Span;
  readonly problems: readonly ReadingProblem[];
}

/** Reads `-- @metadata { … }`: JSON over one or more comment lines. */
export function readMetadata(
  file: SourceFile,
  comments: readonly Span[],
  migrationId: string,
): MetadataReading {
  const { text } = file;
  const report = ({ span, message, fix }: MetadataProblem): ReadingProblem => ({
    ruleId: 'metadata',
    file,
    span,
    message,
    fix,
    migrationId,
    severity: 'error',
  });
  const openings = comments.filter(({ start, end }) => OPENING.test(text.slice(start, end)));
  const [opening, ...others] = openings;
  if (opening === undefined) {
    const { start } = firstLine(file);
    const message = 'This migration has no metadata';
    const fix = 'Begin the file with a block "-- @metadata { … }"; "airlock create" writes one.';
    return {
      span: { start, end: start },
      problems: [
        { ruleId: 'metadata', file, span: firstLine(file), message, fix, migrationId, severity: 'warning' },
      ],
    };
  }
  const repeated = others.map((span) =>
    report({ span, message: 'This file has metadata already', fix: 'Keep one block.' }),
  );
  const block = blockFrom(text, comments, comments.indexOf(opening));
  const json = jsonOf(text, block);
  const parsed = parseJson(json, opening.start, block.at(-1)?.end ?? opening.end);
  const span = { start: opening.start, end: block.at(-1)?.end ?? opening.end };
  if ('message' in parsed) {
    const problem = {
      span: parsed.span,
      message: `This metadata is no JSON: ${parsed.message}`,
      fix: 'Correct the JSON here.',
    };
    return { span, problems: [report(problem), ...repeated] };
  }
  const { metadata, problems } = checkMetadata(parsed.root, opening);
  const rest = trailing(json, parsed.end, span.end);
  const all = rest === undefined ? problems : [...problems, rest];
  return {
    metadata,
    span: { start: opening.start, end: parsed.end },
    problems: [...all.map(report), ...repeated],
  };
}

/** The comments on the lines that follow each other, up to a marker or a directive. */
function blockFrom(text: string, comments: readonly Span[], first: number): Span[] {
  const block: Span[] = [];
  for (const comment of comments.slice(first)) {
    const before = block.at(-1);
    if (before) {
      const between = text.slice(before.end, comment.start);
      if (between.trim() !== '' || between.split('\n').length !== 2) break;
      if (NEXT.test(text.slice(comment.start, comment.end))) break;
    }
    block.push(comment);
  }
  return block;
}

/** The text up to the end of the block, with spaces for whatever is not JSON, so that places stay what they are. */
function jsonOf(text: string, block: readonly Span[]): string {
  let json = '';
  block.forEach(({ start, end }, index) => {
    const comment = text.slice(start, end);
    const mark = (index === 0 ? OPENING.exec(comment)?.[0] : undefined) ?? '--';
    json +=
      text.slice(json.length, start).replace(/[^\r\n]/g, ' ') +
      ' '.repeat(mark.length) +
      comment.slice(mark.length);
  });
  return json;
}

/** Something right behind the closing brace is most likely a slip; comments on the lines below are comments. */
function trailing(json: string, from: number, to: number): MetadataProblem | undefined {
  const [rest = ''] = /^[^\r\n]*/.exec(json.slice(from, to)) ?? [];
  const written = rest.trim();
  if (written === '') return undefined;
  const start = from + rest.indexOf(written);
  return {
    span: { start, end: start + written.length },
    message: 'Something follows the metadata on its last line',
    fix: 'Move it to a line of its own.',
  };
}
