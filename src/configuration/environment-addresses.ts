import type { Configuration } from './configuration.ts';
import { environmentVariable, variable } from './variables.ts';

/** Where the configured environments are, as far as the variables say it, and DATABASE_URL; with passwords. */
export function environmentAddresses(
  { environments }: Pick<Configuration, 'environments'>,
  env: Readonly<Record<string, string | undefined>>,
): { readonly environment: string; readonly url: string }[] {
  const named = [...environments].flatMap(([environment, { directUrl }]) =>
    [environmentVariable(environment, 'DATABASE_URL'), directUrl].map((name) => ({ environment, name })),
  );
  return [...named, { environment: 'DATABASE_URL', name: 'DATABASE_URL' }].flatMap(
    ({ environment, name }) => {
      const url = variable(env, name);
      return url === undefined ? [] : [{ environment, url }];
    },
  );
}
