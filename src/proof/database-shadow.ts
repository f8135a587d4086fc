import type { Connection } from '../engine/connection.ts';
import type { Piece } from './base/piece.ts';
import type { Shadow } from './shadow.ts';
import type { Provided } from './shadow-database.ts';

/** What a change needs to be there before it. */
export interface Furnishing {
  /** Roles that it names. */
  readonly roles: readonly string[];
  /** Roles that it creates, which an ordinary owner may not everywhere. */
  readonly createdRoles?: readonly string[] | undefined;
  /** Extensions that are to be there before it. */
  readonly extensions: readonly string[];
  /** Extensions that it creates, with the schema that it asks for. */
  readonly createdExtensions?: readonly CreatedExtension[] | undefined;
  /** What else is run before it, in this order: what other tools make. */
  readonly prepare?: readonly Piece[] | undefined;
  /** Extensions that the configuration of the base branch allows beside those that are known to be harmless. */
  readonly allowedExtensions: readonly string[];
}

export interface CreatedExtension {
  readonly name: string;
  readonly schema?: string | undefined;
}

/** A shadow database, or why there is none: expected, and for the report. */
export type ShadowOpened =
  | {
      readonly ok: true;
      readonly shadow: Shadow;
      /** What was wished for and could not be had. */
      readonly missing: readonly Extract<Provided, { readonly ok: false }>[];
      readonly given: Given;
    }
  | {
      readonly ok: false;
      readonly reasonCode: string;
      readonly reason: string;
      /** What to do now. */
      readonly next: string;
    };

/** What is there before the first migration, and so is not made by one. */
export interface Given {
  /** Extensions that only a superuser may create, and that Airlock did. */
  readonly extensions: readonly string[];
  /** Extensions that could not be had, and why. */
  readonly missingExtensions: readonly { readonly name: string; readonly reason: string }[];
  /** Schemas that Airlock made for an extension. */
  readonly schemas: readonly string[];
  /** Whether the change's own CREATE ROLE is run; else Airlock made the roles. */
  readonly ownerMakesRoles: boolean;
}

/** A database that is made anew from a template, on a server that Airlock has a session of its own on. */
export interface CopiedDatabase {
  readonly kind: Shadow['kind'];
  /** Throws the database away, and makes it from its template again; nobody else has a session in either. */
  copy(): Promise<void>;
  /** It is such a copy already. */
  readonly copied?: boolean | undefined;
  /** Makes the database as it is now its template; nobody has a session in either. */
  keep(): Promise<void>;
  connect(): Promise<Connection>;
  /** A session that looks on; nothing of the change is ever run in it. Left out: another one of the owner. */
  observe?(): Promise<Connection>;
  /** Ends everything, after the sessions in the database. */
  end(): Promise<void>;
}

/** A shadow with two sessions in one database; to begin again is to copy it from the template. */
export async function databaseShadow(database: CopiedDatabase): Promise<Shadow> {
  const { kind, copy, keep, connect, observe = connect, end } = database;
  const both = async (): Promise<{ session: Connection; observer: Connection }> => {
    const session = await connect();
    return { session, observer: await observe() };
  };
  if (!database.copied) await copy();
  let now = await both();
  const leave = async (): Promise<void> => {
    await Promise.all([now.session.close(), now.observer.close()]);
  };
  return {
    kind,
    get session() {
      return now.session;
    },
    get observer() {
      return now.observer;
    },
    async restore() {
      await leave();
      await copy();
      now = await both();
    },
    async keep() {
      await leave();
      await keep();
      now = await both();
    },
    async close() {
      await leave();
      await end();
    },
  };
}

export function missingOf(provided: readonly Provided[]): Extract<Provided, { readonly ok: false }>[] {
  return provided.filter((one) => !one.ok);
}
