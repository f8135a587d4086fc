import type { Migration, ReadingProblem } from './migration.ts';
import { compareIds } from './ordering.ts';
import { firstLine, type ScannedFile, wholeSection } from './sections.ts';

/** One file of a layout that writes up and down in files of their own. */
export interface DirectedFile {
  readonly id: string;
  readonly sortKey: string;
  readonly name: string;
  readonly direction: 'up' | 'down' | 'verify';
  readonly scanned: ScannedFile;
  readonly optsOut: boolean;
  /** Runs again whenever it changes. */
  readonly repeatable?: boolean | undefined;
}

export interface Pairing {
  readonly migrations: readonly Migration[];
  readonly problems: readonly ReadingProblem[];
}

/**
 * Puts ups and downs of one id together. Their names may differ; where an id has several ups, the name decides.
 * A down that belongs to no up is a problem.
 */
export function pairFiles(layout: string, files: readonly DirectedFile[]): Pairing {
  const groups = new Map<string, DirectedFile[]>();
  for (const file of files) {
    const group = groups.get(file.sortKey);
    if (group) group.push(file);
    else groups.set(file.sortKey, [file]);
  }
  const migrations: Migration[] = [];
  const left: DirectedFile[] = [];
  for (const [, group] of [...groups].sort(([one], [other]) => compareIds(one, other))) {
    const partners = group.filter(({ direction }) => direction !== 'up');
    const ups = group.filter(({ direction }) => direction === 'up');
    for (const up of ups) {
      const down = take(partners, 'down', up.name, ups.length === 1);
      const verify = take(partners, 'verify', up.name, ups.length === 1);
      migrations.push({
        id: up.id,
        sortKey: up.sortKey,
        name: up.name,
        layout,
        up: wholeSection(up.scanned, up.optsOut),
        down: down && wholeSection(down.scanned, down.optsOut),
        verify: verify && wholeSection(verify.scanned, verify.optsOut),
        repeatable: up.repeatable === true,
      });
    }
    left.push(...partners.filter(({ direction }) => direction === 'down'));
  }
  return { migrations, problems: left.map((down) => unpaired(down, migrations)) };
}

function take(
  partners: DirectedFile[],
  direction: string,
  name: string,
  alone: boolean,
): DirectedFile | undefined {
  const sameName = partners.findIndex((file) => file.direction === direction && file.name === name);
  const index =
    sameName === -1 && alone ? partners.findIndex((file) => file.direction === direction) : sameName;
  return index === -1 ? undefined : partners.splice(index, 1)[0];
}

function unpaired(down: DirectedFile, migrations: readonly Migration[]): ReadingProblem {
  const { file } = down.scanned;
  const meant = migrations.find(({ name, down: own }) => name === down.name && own === undefined);
  return {
    ruleId: 'unpaired-down',
    file,
    span: firstLine(file),
    message: `This down has id ${down.id}, and no up has it: nothing will ever run it`,
    fix: meant
      ? `Give it the id ${meant.id} of ${meant.up.file.path}, which has the same name and no down.`
      : 'Give it the id of the up it takes back, or remove it.',
    migrationId: meant?.id,
  };
}
