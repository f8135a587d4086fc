import type { SourceFile, Span } from '../../sql/source.ts';
import { wrongDirectives } from '../directives.ts';
import { duplicateIds } from '../duplicates.ts';
import { countFiles, sample, topLevelSql } from '../fit.ts';
import { openFiles } from '../folder-files.ts';
import { idAfter, naturalKey, numericKey, TIMESTAMP } from '../ids.ts';
import type { Fit, Layout, LayoutFolder, LayoutReading, NewMigration } from '../layout.ts';
import { findMarkers } from '../line-comments.ts';
import { repeatedMarker, strayStatement } from '../marked-files.ts';
import type { Metadata } from '../metadata.ts';
import { readMetadata } from '../metadata-block.ts';
import type { Migration, ReadingProblem, Section } from '../migration.ts';
import { inOrder } from '../ordering.ts';
import {
  firstLine,
  firstSql,
  type MarkedText,
  scan,
  sectionOf,
  splitAtMarkers,
  wholeText,
} from '../sections.ts';

type Part = 'up' | 'down' | 'verify';

const MARKER = /^--\s*(up|down|verify)\s*$/i;
/** Nearly every file of this layout has a comment: looking closer first would not pay. */
const HINT = /--/;
const NAME = /^[^/]+\.sql$/;
const GOOD_NAME = /^\d+_[a-z0-9]+(?:_[a-z0-9]+)*\.sql$/;

/** Airlock's own format: docs/file-format.md. */
export const airlock: Layout = {
  id: 'airlock',
  title: 'Airlock',
  pattern: '<id>_<snake_case_name>.sql',
  markers: '-- @metadata { … }, -- UP, -- DOWN, -- VERIFY',
  optOut: '-- @no-transaction',
  downs: 'section',
  nativeTransaction: 'wrapped',
  fit,
  read(folder): LayoutReading {
    const { files, unread } = openFiles(folder, NAME, 'Airlock');
    const migrations = files.map(({ path, file }) => new FileMigration(path.slice(0, -'.sql'.length), file));
    return {
      migrations: inOrder(migrations),
      get problems() {
        return [...migrations.flatMap(problemsOf), ...duplicateIds(migrations)];
      },
      unread,
    };
  },
  write: (migration) => [{ path: `${migration.id}_${migration.name}.sql`, text: template(migration) }],
  nextId: (last, now) => idAfter(last, now, TIMESTAMP),
};

function fit(folder: LayoutFolder): Fit {
  const paths = topLevelSql(folder);
  const single = paths.filter((path) => !/\.(?:up|down)\.sql$/.test(path));
  const samples = sample(folder, single);
  const marked = samples.filter(({ text }) => /^(?:\uFEFF)?[ \t]*--[ \t]*@metadata\b/m.test(text));
  if (marked.length > 0)
    return {
      score: 0.98,
      why: `${marked.length} of ${countFiles(samples.length)} looked into hold -- @metadata`,
    };
  const sectioned = samples.filter(
    (file) => findMarkers(file.text, scan(file, HINT).comments, classify).length > 0,
  );
  if (sectioned.length > 0)
    return {
      score: 0.9,
      why: `${sectioned.length} of ${countFiles(samples.length)} looked into hold -- UP or -- DOWN`,
    };
  return { score: 0, why: 'no file holds -- @metadata or -- UP' };
}

function classify(comment: string): Part | undefined {
  const word = MARKER.exec(comment)?.[1]?.toLowerCase();
  return word === 'up' || word === 'down' || word === 'verify' ? word : undefined;
}

/**
 * The text is looked at when somebody asks: of thousands that were applied long ago, nobody does. A class, because
 * getters on a prototype are made once, and those of an object literal for every migration.
 */
class FileMigration implements Migration {
  readonly id: string;
  readonly sortKey: string;
  readonly name: string;
  readonly layout = 'airlock';
  readonly repeatable = false;
  readonly up: Section;
  readonly #file: SourceFile;
  #text: ReturnType<typeof readText> | undefined;

  constructor(stem: string, file: SourceFile) {
    const [, id = stem, name = stem] = /^(\d+)[-_ ]*(.*)$/s.exec(stem) ?? [];
    this.id = id;
    this.sortKey = id === stem ? naturalKey(id) : numericKey(id);
    this.name = name;
    this.#file = file;
    this.up = new UpSection(file, this);
  }

  get read(): ReturnType<typeof readText> {
    this.#text ??= readText(this.#file, this.id);
    return this.#text;
  }

  get down(): Section | undefined {
    return this.read.down;
  }

  get verify(): Section | undefined {
    return this.read.verify;
  }

  get metadata(): Metadata | undefined {
    return this.read.metadata;
  }

  get metadataSpan(): Span | undefined {
    return this.read.metadataSpan;
  }
}

class UpSection implements Section {
  readonly file: SourceFile;
  readonly #migration: FileMigration;

  constructor(file: SourceFile, migration: FileMigration) {
    this.file = file;
    this.#migration = migration;
  }

  get pieces(): Section['pieces'] {
    return this.#migration.read.up.pieces;
  }

  get directives(): Section['directives'] {
    return this.#migration.read.up.directives;
  }

  get optsOut(): boolean {
    return this.#migration.read.up.optsOut;
  }
}

function problemsOf(migration: FileMigration): readonly ReadingProblem[] {
  const { read, up } = migration;
  const stem = up.file.path.slice(up.file.path.lastIndexOf('/') + 1, -'.sql'.length);
  return [
    ...(GOOD_NAME.test(`${stem}.sql`) ? [] : [badName(migration, stem)]),
    ...read.problems,
    ...markerProblems(migration, read.split),
    ...wrongDirectives(up.file, read.directives, 'own'),
  ];
}

function readText(file: SourceFile, id: string) {
  const scanned = scan(file, HINT);
  const split = splitAtMarkers(file, findMarkers(file.text, scanned.comments, classify));
  const metadata = readMetadata(file, scanned.comments, id);
  const down = split.pieces.get('down');
  const verify = split.pieces.get('verify');
  const up = split.pieces.get('up') ?? (split.pieces.size > 0 ? [split.header] : [wholeText(file)]);
  // What stands above the first marker speaks for the whole file, unless it is the up itself.
  const header = split.pieces.has('up') ? split.header : undefined;
  const section = (pieces: typeof up) => {
    const made = sectionOf(scanned, pieces, false, header);
    return { ...made, optsOut: made.directives.some((directive) => directive.name === 'no-transaction') };
  };
  return {
    up: section(up),
    down: down && section(down),
    verify: verify && section(verify),
    metadata: metadata.metadata,
    metadataSpan: metadata.span,
    problems: metadata.problems,
    split,
    directives: scanned.directives,
  };
}

function markerProblems({ id, up: { file } }: Migration, split: MarkedText<Part>): ReadingProblem[] {
  const problems = split.repeated.map((marker) => repeatedMarker(file, marker, id));
  if (!split.pieces.has('up')) {
    const taken = split.pieces.size > 0 ? 'everything above the other markers' : 'the whole file';
    const message =
      file.text.trim() === ''
        ? 'The file is empty'
        : `The line "-- UP" is missing: ${taken} was taken for the up`;
    const fix = 'Write "-- UP" on a line of its own before the first statement.';
    return [
      ...problems,
      { ruleId: 'missing-up-marker', file, span: firstLine(file), message, fix, migrationId: id },
    ];
  }
  const stray = firstSql(file.text, split.header);
  return stray ? [...problems, strayStatement(file, stray, '-- UP', id)] : problems;
}

function badName({ id, name, up: { file } }: Migration, stem: string): ReadingProblem {
  const snake = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  const numbered = /^\d/.test(stem);
  return {
    ruleId: 'file-name',
    file,
    span: firstLine(file),
    message: `The file name is not <id>_<snake_case_name>.sql${numbered ? '' : ': it has no id to be ordered by'}`,
    fix: `Rename it to ${numbered ? id : '<id>'}_${snake || '<name>'}.sql.`,
    migrationId: id,
  };
}

function template({ up, down, verify, metadata, noTransaction }: NewMigration): string {
  const lines: string[] = [];
  if (metadata) {
    const fields = Object.entries(metadata).filter(([, value]) => value !== undefined);
    const written = fields.map(([key, value]) => `--   ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
    lines.push('-- @metadata {', written.join(',\n'), '-- }');
  }
  if (noTransaction) lines.push('-- @no-transaction');
  lines.push('-- UP', up.trimEnd(), '', '-- DOWN', (down ?? '').trimEnd());
  if (verify !== undefined) lines.push('', '-- VERIFY', verify.trimEnd());
  return `${lines.join('\n').trimEnd()}\n`;
}
