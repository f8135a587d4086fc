import type { SourceFile } from '../source.ts';
import type { ObjectName, RoutineBody, Volatility } from '../statement.ts';
import { ForkMap } from './fork-map.ts';
import type { Journal } from './journal.ts';

/** A function or procedure whose body stands in a migration. */
export interface KnownRoutine {
  readonly name: ObjectName;
  /** As the catalog resolves it: `public` where it was made without one. */
  readonly schema: string;
  /** Types of what a caller gives: `integer, text[]`. */
  readonly inputs: string;
  readonly body: RoutineBody;
  /** Where the body stands. */
  readonly file: SourceFile | undefined;
}

const TEMPORARY = 'pg_temp';
const NOTHING: readonly KnownRoutine[] = [];

/** Functions and procedures: how volatile they are, and the bodies that their calls run. */
export class Routines {
  /** By `schema.name`. */
  readonly #volatility: ForkMap<string, Volatility>;
  /** By name without a schema: a call may find them along a path that no statement shows. */
  readonly #bodies: ForkMap<string, readonly KnownRoutine[]>;
  readonly #journal: Journal;
  readonly #path: () => readonly string[];
  #isEmpty: boolean;
  /** Bodies that wait for the end of the one that is applied; undefined while none is. */
  waiting: KnownRoutine[] | undefined;
  /** Statements of bodies that this session has applied. */
  applied = 0;
  /** Some are temporary, and go with the session. */
  #temporary: boolean;

  constructor(journal: Journal, path: () => readonly string[], from?: Routines) {
    this.#volatility = from ? from.#volatility.fork() : new ForkMap();
    this.#bodies = from ? from.#bodies.fork() : new ForkMap();
    this.#journal = journal;
    this.#path = path;
    this.#isEmpty = from ? from.#isEmpty : true;
    this.#temporary = from ? from.#temporary : false;
  }

  /** No statement can run a body. In most schemas nobody needs to look for calls. */
  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  /** Undefined: not known. By name alone, so overloads that differ leave it open. */
  volatility(name: ObjectName): Volatility | undefined {
    return this.#volatility.get(this.#key(name));
  }

  setVolatility(name: ObjectName, volatility: Volatility): void {
    const key = this.#key(name);
    const known = this.#volatility.get(key) ?? volatility;
    this.#journal.set(this.#volatility, key, known === volatility ? known : 'unknown');
  }

  /** The schema in which it is, or in which it would be made. */
  schemaOf(name: ObjectName): string {
    const key = this.#key(name);
    return key.slice(0, -name.name.length - 1);
  }

  #key({ schema, name }: ObjectName): string {
    if (schema !== undefined) return `${schema}.${name}`;
    const path = this.#path();
    const found = path.find((each) => this.#volatility.has(`${each}.${name}`));
    return `${found ?? path[0] ?? 'public'}.${name}`;
  }

  /** Takes the place of what has the same name and inputs; others of the name are overloads. */
  define(routine: KnownRoutine): void {
    const others = this.#of(routine.name).filter(
      ({ schema, inputs }) => schema !== routine.schema || inputs !== routine.inputs,
    );
    this.#set(routine.name.name, [...others, routine]);
    this.#isEmpty = false;
    if (routine.schema === TEMPORARY) this.#temporary = true;
  }

  /**
   * Which overload goes is not known by name alone: where there are several, or where IF EXISTS may have named one
   * that is not there, their bodies are kept. Who calls one that is gone gets an error from the server.
   */
  drop(name: ObjectName, isCertain: boolean): void {
    const meant = this.called(name);
    if (isCertain && meant.length === 1) this.#take(name.name, meant);
    this.#journal.delete(this.#volatility, this.#key(name));
  }

  /** RENAME TO or SET SCHEMA. */
  move(from: ObjectName, to: { readonly name: string } | { readonly schema: string }): void {
    const meant = this.called(from);
    const volatility = this.volatility(from);
    const moved = { name: from.name, schema: this.schemaOf(from), ...to };
    if (volatility !== undefined) {
      this.#journal.delete(this.#volatility, this.#key(from));
      this.#journal.set(this.#volatility, `${moved.schema}.${moved.name}`, volatility);
    }
    this.#take(from.name, meant);
    for (const each of meant)
      this.define({
        ...each,
        name: { ...each.name, ...to },
        schema: 'schema' in to ? to.schema : each.schema,
      });
  }

  moveSchema(from: string, to: string): void {
    for (const [key, volatility] of [...this.#volatility])
      if (key.startsWith(`${from}.`))
        this.#journal.set(this.#volatility, `${to}${key.slice(from.length)}`, volatility);
    for (const [name, each] of this.#isEmpty ? [] : [...this.#bodies]) {
      const moved = each.filter(({ schema }) => schema === from);
      this.#take(name, moved);
      for (const one of moved) this.define({ ...one, name: { name, schema: to }, schema: to });
    }
  }

  removeSchema(schema: string): void {
    for (const key of [...this.#volatility.keys()])
      if (key.startsWith(`${schema}.`)) this.#journal.delete(this.#volatility, key);
    for (const [name, each] of this.#isEmpty ? [] : [...this.#bodies])
      this.#take(
        name,
        each.filter((one) => one.schema === schema),
      );
  }

  endSession(): void {
    this.applied = 0;
    if (this.#temporary) this.removeSchema(TEMPORARY);
    this.#temporary = false;
  }

  /**
   * Every overload that a call of the name may run. A name without a schema that is in no schema of the search_path is
   * one of another schema: the path may be set where no statement shows it.
   */
  called(name: ObjectName): readonly KnownRoutine[] {
    const all = this.#of(name);
    if (all.length === 0) return all;
    if (name.schema !== undefined) return all.filter(({ schema }) => schema === name.schema);
    const path = this.#path();
    const inPath = all.filter(({ schema }) => path.includes(schema));
    return inPath.length > 0 ? inPath : all;
  }

  #of({ name }: ObjectName): readonly KnownRoutine[] {
    return this.#bodies.get(name) ?? NOTHING;
  }

  #take(name: string, routines: readonly KnownRoutine[]): void {
    if (routines.length === 0) return;
    const taken = new Set(routines);
    this.#set(
      name,
      this.#of({ name }).filter((each) => !taken.has(each)),
    );
  }

  #set(name: string, routines: readonly KnownRoutine[]): void {
    if (routines.length === 0) this.#journal.delete(this.#bodies, name);
    else this.#journal.set(this.#bodies, name, routines);
  }
}
