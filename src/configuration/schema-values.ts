import * as z from 'zod/mini';
import { type Checked, DURATIONS, duration, hasControlCharacter, repositoryPath } from './values.ts';

/**
 * A value that a plain function judges, so that flags, variables and the file are held to the same.
 */
export function checked<In, Out>(input: z.ZodMiniType<In>, check: (written: In) => Checked<Out>) {
  return z.pipe(
    input,
    z.transform((written: In, context) => {
      const result = check(written);
      if ('value' in result) return result.value;
      context.issues.push({ code: 'custom', message: result.problem, input: written });
      return z.NEVER;
    }),
  );
}

export function durationOf(name: keyof typeof DURATIONS) {
  return checked(z.union([z.number(), z.string()]), (written) => duration(written, DURATIONS[name]));
}

export function text() {
  return z.string().check(z.minLength(1));
}

export function textOf(check: (written: string) => Checked<string>) {
  return checked(z.string(), check);
}

export const pathOf = repositoryPath;

export function names() {
  return z.array(text());
}

export function paths() {
  return z.array(textOf(repositoryPath));
}

export function count(least: number, most: number) {
  return z.int().check(z.minimum(least), z.maximum(most));
}

/** Text that stays on one line, such as an SQL query to run or a person's name. */
export function line() {
  return z.string().check(
    z.minLength(1),
    z.refine((written) => !hasControlCharacter(written), 'holds a control character'),
  );
}
