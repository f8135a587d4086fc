// Written by scripts/generate-registry.ts from the files of this folder: do not edit.
import type { Rule } from './rule.ts';
import { rule as r_create_index_concurrently } from './create-index-concurrently.ts';
import { rule as r_set_not_null } from './set-not-null.ts';

const all: readonly Rule[] = [
  r_create_index_concurrently,
  r_set_not_null,
];

/** Every rule by its id, in order of their ids. */
export const registry: ReadonlyMap<string, Rule> = new Map(all.map((rule) => [rule.id, rule]));
