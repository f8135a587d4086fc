import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { systemMigrationsModule } from '../../scripts/generate-system-migrations.ts';

it('the module with the system migrations holds what stands in migrations/', () => {
  const written = readFileSync(new URL('../../src/engine/system-migrations.ts', import.meta.url), 'utf8');
  expect(written, 'type npm run system-tables').toBe(systemMigrationsModule());
});
