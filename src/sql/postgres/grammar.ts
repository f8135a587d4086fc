import type { RawStmt } from '@pgsql/types';
import create, { type GrammarInstance } from 'libpg-query/wasm/libpg-query.js';

/** What PostgreSQL's grammar says of a text. */
export type Grammatical =
  | { readonly ok: true; readonly statements: readonly RawStmt[] }
  /** `at` counts characters (code points) from 0. */
  | { readonly ok: false; readonly message: string; readonly at: number }
  /** The parser itself failed, which says nothing about the text. */
  | { readonly ok: false; readonly fault: string };

/**
 * Very deep trees end the WebAssembly stack in the middle of a call, and each such end leaves less of it for the
 * next. After about forty the parser answers wrong; long before, it is given up.
 */
const MOST_FAULTS = 4;

let instance: GrammarInstance | undefined;
let faults = 0;
let loading: Promise<void> | undefined;

/**
 * Instantiates libpg-query's WebAssembly, and does it anew after faults. The package's own binding keeps one
 * instance for good, so its compiled module is used directly, in the way that binding does.
 */
export async function loadGrammar(): Promise<void> {
  if (instance && faults === 0) return;
  // A start that is under way (the command line begins early) is waited for, not repeated.
  loading ??= instantiate().finally(() => {
    loading = undefined;
  });
  await loading;
}

async function instantiate(): Promise<void> {
  instance = await create();
  faults = 0;
}

export function grammarIsLoaded(): boolean {
  return instance !== undefined;
}

/** It failed so often that it is not asked again before `loadGrammar`. */
export function grammarGaveUp(): boolean {
  return faults >= MOST_FAULTS;
}

/** Trees of a text without NUL. `loadGrammar` must have been awaited. */
export function parseTrees(sql: string): Grammatical {
  const grammar = usable();
  if (typeof grammar === 'string') return { ok: false, fault: grammar };
  let query = 0;
  let result = 0;
  try {
    query = toMemory(grammar, sql);
    result = grammar._wasm_parse_query_raw(query);
    if (result === 0) return { ok: false, fault: 'its memory is used up' };
    const error = grammar.getValue(result + 8, 'i32');
    if (error !== 0) {
      const message = grammar.getValue(error, 'i32');
      const position = grammar.getValue(error + 16, 'i32');
      return {
        ok: false,
        message: message === 0 ? 'syntax error' : grammar.UTF8ToString(message),
        at: Math.max(0, position - 1),
      };
    }
    const tree = JSON.parse(grammar.UTF8ToString(grammar.getValue(result, 'i32'))) as {
      readonly stmts?: readonly RawStmt[];
    };
    return { ok: true, statements: tree.stmts ?? [] };
  } catch (error) {
    faults++;
    return { ok: false, fault: saidBy(error) };
  } finally {
    if (faults === 0) {
      if (result !== 0) grammar._wasm_free_parse_result(result);
      if (query !== 0) grammar._free(query);
    }
  }
}

/** PL/pgSQL's tree of a CREATE FUNCTION or DO statement. Throws an Error with the compiler's message. */
export function parsePlpgsql(sql: string): unknown {
  const grammar = usable();
  if (typeof grammar === 'string') throw new Error(grammar);
  let query = 0;
  let result = 0;
  let text: string;
  try {
    query = toMemory(grammar, sql);
    result = grammar._wasm_parse_plpgsql(query);
    text = grammar.UTF8ToString(result);
  } catch (error) {
    faults++;
    throw new Error(saidBy(error), { cause: error });
  }
  grammar._wasm_free_string(result);
  grammar._free(query);
  // What is not an object is the message of an error.
  if (!text.startsWith('{')) throw new Error(text);
  return JSON.parse(text);
}

function usable(): GrammarInstance | string {
  if (!instance) throw new Error('loadPostgresParser() must be awaited before parsing.');
  return grammarGaveUp() ? 'it failed on other statements of this file before' : instance;
}

function toMemory(grammar: GrammarInstance, sql: string): number {
  const bytes = grammar.lengthBytesUTF8(sql) + 1;
  const pointer = grammar._malloc(bytes);
  if (pointer === 0) throw new RangeError('its memory is used up');
  grammar.stringToUTF8(sql, pointer, bytes);
  return pointer;
}

function saidBy(error: unknown): string {
  if (error instanceof RangeError && /call stack/i.test(error.message)) return 'it is nested too deeply';
  // An aborted WebAssembly call says several lines; the first one tells it.
  const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return first;
}
