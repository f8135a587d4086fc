import { narrowed } from '../../report/narrowed.ts';
import type { Difference } from './compare.ts';

/** "the index public.idx_a is left behind": what differs after a rollback, as part of a sentence. */
export function displayDifference({ kind, object, before, after }: Difference): string {
  const what = `the ${kind} ${displayObject(object)}`;
  if (before === undefined) return `${what} is left behind`;
  if (after === undefined) return `${what} is missing`;
  const property = /^[\w ]{1,40}: /.exec(after)?.[0];
  if (property === undefined || !before.startsWith(property)) {
    const [is, was] = narrowed(after, before);
    return `${what} has ${is} where it had ${was}`;
  }
  const [is, was] = narrowed(after.slice(property.length), before.slice(property.length));
  // "null: not null" says its property in its value.
  return property === 'null: '
    ? `${what} is ${is} where it was ${was}`
    : `${what} has ${property.slice(0, -2)} ${is} where it had ${was}`;
}

/** Nobody says the schema that everybody has. */
export function displayObject(object: string): string {
  return object.replace(/^public\.(?=.)/, '');
}
