import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { buildTo, filesIn } from '../scripts/build.ts';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));

/** SHA-256 of the binaries that are copied, not built. */
const PINNED: Readonly<Record<string, string>> = {
  'chamber-base.tar.zst': 'df437a9bc0a3f3e29566224b541295310a1a4e47579861a7531a5d83385b153e',
  'extensions/amcheck.tar.gz': 'e88e630f083d3f7185f3ec6c475d80fa3e262ec075d7df5a0bb528b962721117',
  'extensions/bloom.tar.gz': '7a133406882e754396ee590aff4843e10958acc6eb5c7bfd4dc0163df68c2089',
  'extensions/btree_gin.tar.gz': '15968b2b912ddb281777514eb307dba9d2eafbc39842e7784c8dd96ad5fbbc7c',
  'extensions/btree_gist.tar.gz': 'b8c8798d4567c4b44da72f80c5570ae552d8ede9291407ef1caee6c8b5a102cd',
  'extensions/citext.tar.gz': '9d7f941efc5d3b17d4855086512c6a3dae74ff7380402c00f9b81078da89449e',
  'extensions/cube.tar.gz': '34e77fe63a67bfe68d0a0612b93a5a411b70cee6f448ec48ad740c4a162e6ed6',
  'extensions/dict_int.tar.gz': '81bcc2b7a13203dfd54313370e45fb5728ad5d585918200e9ae1c0e0ec741f46',
  'extensions/dict_xsyn.tar.gz': '19dfa7b6e28a82486d09d051fae56789b7ce714ecfd0f3fcc047af1bd520be7c',
  'extensions/earthdistance.tar.gz': '55e5e82beb0a3d17b101b38bad9de1c95fed563a6f6ab9093f785e9a03374957',
  'extensions/fuzzystrmatch.tar.gz': '540ff999899ede69dc583b53db39c86b87222ca32f6dcb35baa2b05bfdd39ee0',
  'extensions/hstore.tar.gz': 'da769acee3df200a789fa0fd06020ba339201c2377761a6f911b2ff988bf2b5a',
  'extensions/intarray.tar.gz': '75dc6e1a5ebf83c50645fd15fadeea245a9ff7c58b78733506c36d27abc3ecb0',
  'extensions/isn.tar.gz': 'ec8eb08a1085c4e0dcd909fd79f418df32761eea9345f5fa5bb4a9a2690a9aa8',
  'extensions/lo.tar.gz': 'b2c57c1000a9107f49874877a3731867a203a7c755d2bf74122f2f67935ea7bf',
  'extensions/ltree.tar.gz': '8020bc902e5a26933cdd0e5454ae825c72d3674359892abcb45702c7f7874187',
  'extensions/pageinspect.tar.gz': '2b2a0b287b125d7f303c52f13acbc4c219b602f39570cb38607b27a72ae6f225',
  'extensions/pg_buffercache.tar.gz': '945d67698f50bf75952c8ebae6afbf70ca8ada31ee1c0ecbbf042a75f3788be7',
  'extensions/pg_freespacemap.tar.gz': '654a6899a7a70bd5cf0e53e7b3dffdc165e98695379601d3b6fe68543ed444d8',
  'extensions/pg_stat_statements.tar.gz': '8664839b1103fefe95d4fa9bfee1823866332a35eb3886612949c57bad5d9e91',
  'extensions/pg_trgm.tar.gz': 'ccbf37e10d84ad5a4b93783d3d74f9217dc656c162801093cdf4f33843f71bf7',
  'extensions/pg_visibility.tar.gz': '55664a7f243cf56bb9b615a3d381ea9723dabccc862d2defe522f6209ec31582',
  'extensions/pgcrypto.tar.gz': '10da604dae5b3c3f1a25ef64ed406ee68b6a4850f80d07978b3fdb3f52c86c54',
  'extensions/seg.tar.gz': '4ff4c44b57e62508e71d7a77f2d61b48db3cd6214798184becef0ccd36a69d32',
  'extensions/spi.tar.gz': '7b30c34c498591b235cd3d80b379cba1941e457e6b7255cff8b190a6544f6794',
  'extensions/tablefunc.tar.gz': 'f6293e2131245db898b4e5d91a5de5378f7ae65ebfca1452b17116363c695fa7',
  'extensions/tcn.tar.gz': '1deca4ae390fb462c184a8af30bfd06d23648f598b7155f44c863a44aea148ec',
  'extensions/tsm_system_rows.tar.gz': '835c8ccf1d785067d06c8418d6f86465ecd606ebe4b83bded5382182961e6d74',
  'extensions/tsm_system_time.tar.gz': '07b0bc29186af8727a8c6d692fe4b1ee332e5b57f13b95727d34779cd985956f',
  'extensions/unaccent.tar.gz': '3f36d0e09674ae9703f4959d0b5753ee634d195b02c1a0189fe0ce85a33fca33',
  'extensions/uuid-ossp.tar.gz': 'af253f6a9bd01e3044b98cabec6b01b618b51c95e1b867bd676d528335527370',
  'extensions/vector.tar.gz': '770cd826597c693a8ae5688b6b7beb0df5a593a1f482e48b84673954cbd69c13',
  'libpg-query.wasm': '378b64e6182f65c71ad5dbd2c31c81e9dfed7d2f2debfb4b51c0d0de8fa2ae36',
  'pglite.data': 'd73cf4ba1b0bf92f80f088ce7d23b17f9bc175327d7584ec2a713b27e9758c31',
  'pglite.wasm': '5256d9ac379f631355f41ab30291e6a6d9f854242b5ee2a2d0940e28041d3fca',
};

it('dist is what a fresh build of these sources gives', async () => {
  const fresh = mkdtempSync(join(tmpdir(), 'airlock-build-'));
  try {
    await buildTo(fresh);
    const [committed, built] = [filesIn(DIST), filesIn(fresh)];
    expect([...committed.keys()]).toEqual([...built.keys()]);
    const stale = [...built]
      .filter(([name, bytes]) => committed.get(name)?.equals(bytes) !== true)
      .map(([name]) => name);
    expect(stale, 'type npm run build and commit dist').toEqual([]);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
});

it('the binary assets of dist are the pinned ones, and there are no others', () => {
  const binaries = [...filesIn(DIST)].filter(([, bytes]) => bytes.includes(0));
  const found = binaries.map(([name, bytes]) => [name, createHash('sha256').update(bytes).digest('hex')]);
  expect(Object.fromEntries(found)).toEqual(PINNED);
});

it('dist names the licence of every package in it', () => {
  const text = filesIn(DIST).get('LICENSES.txt')?.toString('utf8') ?? '';
  for (const name of [
    'libpg-query',
    'node-sql-parser',
    'yaml',
    'zod',
    'commander',
    '@electric-sql/pglite',
    'PostgreSQL',
  ])
    expect(text).toContain(`${name} `);
  expect(text).not.toContain('No licence file');
});
