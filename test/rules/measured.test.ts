import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildChamber } from '../../scripts/build.ts';
import { measureExample } from '../../scripts/measure/measure-example.ts';
import {
  dataModule,
  namedIn,
  readMeasured,
  wasSeen,
  wrongClaims,
} from '../../scripts/measure/measured-document.ts';
import { type Server, startServer, VERSIONS } from '../../scripts/measure/servers.ts';
import { DEFAULTS } from '../../src/configuration/configuration.ts';
import { openShadow } from '../../src/open-shadow.ts';
import { sameOn } from '../../src/proof/verdict/measured.ts';
import { measuredAlike } from '../../src/proof/verdict/measured-data.ts';
import { examples } from '../../src/rules/examples.ts';
import { registry } from '../../src/rules/registry.ts';

/** What reasons name and examples do not show, by why that is. */
const UNSEEN: readonly (readonly [because: string, names: readonly string[]])[] = [
  [
    'code that runs beside the migration, or after it, meets it',
    [
      'add-column-not-null-default-dropped: 23502',
      'integer-sequence-capacity: 2200H',
      'rename-column: 42703',
      'rename-table: 42P01',
      'type-int: 22003',
      'type-int: 2200H',
      'type-json: 42883',
      'type-serial: 42501',
      'type-smallint: 22003',
    ],
  ],
  [
    'it is of the change that will be due later',
    [
      'require-primary-key: ACCESS EXCLUSIVE',
      'type-int: ACCESS EXCLUSIVE',
      'type-smallint: ACCESS EXCLUSIVE',
    ],
  ],
  [
    'locks that let others write are not kept',
    ['attach-partition: SHARE UPDATE EXCLUSIVE', 'pg18-not-null-not-valid: SHARE UPDATE EXCLUSIVE'],
  ],
  [
    'it is of another statement than those of the examples',
    ['ddl-on-large-table: SHARE ROW EXCLUSIVE', 'validate-in-same-transaction: SHARE ROW EXCLUSIVE'],
  ],
  [
    'a server as it comes has no full disk, other tablespace or access method, and no role that owns tables',
    [
      'reassign-owned: ACCESS EXCLUSIVE',
      'rewrite-disk-headroom: 53100',
      'set-access-method-rewrite: ACCESS EXCLUSIVE',
      'set-tablespace-rewrite: ACCESS EXCLUSIVE',
    ],
  ],
];

const document = readMeasured();
const SERVERS = [...Object.keys(VERSIONS), 'PGlite'];

describe('what was measured of the rules', () => {
  it('was measured on all servers', () => {
    expect(Object.keys(document.servers)).toEqual(SERVERS);
    for (const [rule, measured] of Object.entries(document.rules))
      for (const { example, outcomes } of measured)
        expect(outcomes.flatMap(({ on }) => on).toSorted(), `${rule} ${example}`).toEqual(SERVERS);
  });

  it('covers each bad example of every rule that a statement fires', () => {
    const fired = [...registry.values()].filter(
      ({ firedBy, dialects }) => firedBy === undefined && (dialects ?? ['postgres']).includes('postgres'),
    );
    for (const { id } of fired)
      expect(
        document.rules[id]?.map(({ example }) => example),
        id,
      ).toEqual(examples.get(id)?.bad.map((_, at) => at));
  });

  it('bears out every claim, and most examples of rules that claim something could be measured', () => {
    expect(wrongClaims(document)).toEqual([]);
    const unconfirmed = [...registry.values()].filter(
      ({ id, claims, firedBy }) =>
        claims !== undefined &&
        firedBy === undefined &&
        !document.rules[id]?.some(({ outcomes }) =>
          outcomes.some((outcome) => 'verdict' in outcome && outcome.verdict === 'confirmed'),
        ),
    );
    // There is no second access method on a server as it comes.
    expect(unconfirmed.map(({ id }) => id)).toEqual(['set-access-method-rewrite']);
  });

  it('bears out every lock mode and error that a reason names, apart from those that its examples cannot show', () => {
    const unseen = [...registry.values()]
      .filter(({ id }) => document.rules[id] !== undefined)
      .flatMap(({ id, why }) =>
        namedIn(why)
          .filter((name) => !wasSeen(name, document.rules[id] ?? []))
          .map((name) => `${id}: ${name}`),
      );
    expect(unseen.toSorted()).toEqual(UNSEEN.flatMap(([, names]) => names).toSorted());
  });

  it('is what refutations across versions go by', () => {
    expect(dataModule(document)).toContain(
      [...measuredAlike].map(([rule, groups]) => `  ['${rule}', '${groups}'],`).join('\n'),
    );
    expect(sameOn('add-column-volatile-default', 18, 15)).toBe(true);
    expect(sameOn('add-generated-stored-column', 17, 16)).toBe(false);
    expect(sameOn('add-column-volatile-default', 18, 14)).toBeUndefined();
    expect(sameOn('drop-column', 18, 15)).toBeUndefined();
  });
});

/** Some of each kind: locks, rewrites, scans, errors, errors on rows. */
const AGAIN = [
  'add-check-not-valid',
  'add-column-not-null-no-default',
  'add-serial-column',
  'attach-partition',
  'change-column-type',
  'create-index-concurrently',
  'enum-value-used-in-same-transaction',
  'explicit-lock-table',
  'partition-key-not-in-pk',
  'set-not-null',
];

describe('measured again', () => {
  let server: Server;
  let chamber: string;
  beforeAll(async () => {
    server = await startServer('18');
    chamber = await mkdtemp(join(tmpdir(), 'airlock-measure-'));
    await buildChamber(chamber);
  }, 60_000);
  afterAll(async () => {
    await server.close();
    await rm(chamber, { recursive: true, force: true });
  });

  it.each(AGAIN)(
    '%s does the same on PostgreSQL 18 and on PGlite',
    async (rule) => {
      const embedded: Server['open'] = (furnishing) =>
        openShadow({
          wanted: { ...DEFAULTS.shadow, kind: 'embedded' },
          program: join(chamber, 'chamber.js'),
          furnishing,
          env: {},
        });
      for (const [at, example] of (examples.get(rule)?.bad ?? []).entries()) {
        const { outcomes = [] } = document.rules[rule]?.find((each) => each.example === at) ?? {};
        for (const [on, open] of [
          ['18', server.open],
          ['PGlite', embedded],
        ] as const) {
          const { on: _, ...known } = outcomes.find((outcome) => outcome.on.includes(on)) ?? { on: [] };
          expect(await measureExample(rule, example, open), `example ${at} on ${on}`).toEqual(known);
        }
      }
    },
    60_000,
  );
});
