import type { Connection } from '../../engine/connection.ts';
import { runSection } from '../../engine/run-section.ts';
import type { Furnishing, Given } from '../database-shadow.ts';
import {
  createExtensions,
  createRoles,
  isAllowed,
  notAllowed,
  type Provided,
  trustedExtensions,
} from '../shadow-database.ts';
import { errorSpan, errorText } from '../told-statements.ts';
import { furnishedPiece } from './furnished.ts';
import type { Piece } from './piece.ts';

export interface Furnisher {
  /** A session that may create roles and extensions. */
  readonly admin: Connection;
  readonly owner: string;
  /** Extensions that may be made, where every one that is available is harmless. */
  readonly allowed?: readonly string[] | undefined;
  readonly ownerMakesRoles: boolean;
}

export interface Furnished {
  readonly given: Given;
  readonly roles: readonly Provided[];
  readonly extensions: readonly Provided[];
}

/** Makes what the change needs and cannot make: roles, extensions that PostgreSQL gives to superusers only, schemas of those. */
export async function furnish(furnisher: Furnisher, wanted: Furnishing): Promise<Furnished> {
  const { admin, owner, ownerMakesRoles } = furnisher;
  const allowed = [...wanted.allowedExtensions, ...(furnisher.allowed ?? [])];
  const created = wanted.createdExtensions ?? [];
  const names = created.map(({ name }) => name);
  const left = await trustedExtensions(admin, names);
  const schemas = new Map(
    created.flatMap(({ name, schema }) =>
      schema === undefined || left.has(name) || schema === 'pg_catalog' ? [] : [[name, schema] as const],
    ),
  );
  const roles = await createRoles(
    admin,
    [...wanted.roles, ...(ownerMakesRoles ? [] : (wanted.createdRoles ?? []))],
    owner,
  );
  const made = await createExtensions(
    admin,
    [...wanted.extensions, ...names.filter((name) => !left.has(name))],
    allowed,
    owner,
    schemas,
  );
  const refused = [...left].filter((name) => !isAllowed(name, allowed)).map(notAllowed);
  const extensions = [...made, ...refused];
  const had = extensions.filter(({ ok }) => ok).map(({ name }) => name);
  return {
    roles,
    extensions,
    given: {
      extensions: had,
      missingExtensions: extensions.filter((one) => !one.ok).map(({ name, reason }) => ({ name, reason })),
      schemas: [...schemas].flatMap(([name, schema]) => (had.includes(name) ? [schema] : [])),
      ownerMakesRoles,
    },
  };
}

/** A file that prepares and does not run. */
export interface PrepareFailed {
  readonly file: string;
  readonly line: number;
  readonly error: string;
}

/** Runs the files of `shadow.prepare` as the owner, in their order; undefined: all of them ran. */
export async function prepare(
  owner: Connection,
  pieces: readonly Piece[],
  given: Given,
): Promise<PrepareFailed | undefined> {
  for (const piece of pieces) {
    const result = await runSection(owner, furnishedPiece(piece, given).run);
    if (result.status === 'lost') throw result.lost;
    const failed = result.steps.at(-1);
    if (result.status === 'failed' && failed)
      return {
        file: piece.file.path,
        line: piece.file.position(errorSpan(failed).start).line,
        error: errorText(result.error),
      };
  }
  await owner.run('DISCARD ALL');
  return undefined;
}

export function prepareRefused({ file, line, error }: PrepareFailed): {
  readonly ok: false;
  readonly reasonCode: 'shadow-prepare-failed';
  readonly reason: string;
  readonly next: string;
} {
  return {
    ok: false,
    reasonCode: 'shadow-prepare-failed',
    reason: `${file}:${line} does not run in the shadow database: ${error}`,
    next: `correct ${file}, or take it out of shadow.prepare in the configuration`,
  };
}
