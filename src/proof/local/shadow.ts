import { furnish, prepare, prepareRefused } from '../base/furnish.ts';
import { databaseShadow, type Furnishing, missingOf, type ShadowOpened } from '../database-shadow.ts';
import { type Cluster, type ClusterSettings, DATABASE, OWNER, startCluster } from './start-cluster.ts';

const TEMPLATE = 'airlock_template';

/** A shadow database in a throw-away cluster of this machine. */
export async function localShadow(settings: ClusterSettings, wanted: Furnishing): Promise<ShadowOpened> {
  const started = await startCluster(settings);
  return started.ok ? shadowIn(started.cluster, wanted) : started;
}

/** A shadow database in a cluster in which there is none yet; the cluster ends with it. */
export async function shadowIn(cluster: Cluster, wanted: Furnishing): Promise<ShadowOpened> {
  try {
    const { given, roles, extensions } = await cluster.within((admin) =>
      furnish({ admin, owner: OWNER, ownerMakesRoles: false }, wanted),
    );
    const pieces = wanted.prepare ?? [];
    if (pieces.length > 0) {
      const owner = await cluster.connectOwner();
      const failed = await prepare(owner, pieces, given);
      await owner.close();
      if (failed) {
        await cluster.close();
        return prepareRefused(failed);
      }
    }
    await cluster.clone(DATABASE, TEMPLATE);
    const shadow = await databaseShadow({
      kind: 'local',
      copied: true,
      async copy() {
        await cluster.drop(DATABASE);
        await cluster.clone(TEMPLATE, DATABASE);
      },
      async keep() {
        await cluster.drop(TEMPLATE);
        await cluster.clone(DATABASE, TEMPLATE);
      },
      connect: () => cluster.connectOwner(),
      async observe() {
        const observer = await cluster.connectObserver();
        // What the change makes must not stand before what is meant.
        await observer.run('SET search_path = pg_catalog, pg_temp');
        return observer;
      },
      end: () => cluster.close(),
    });
    return { ok: true, shadow, missing: missingOf([...roles, ...extensions]), given };
  } catch (error) {
    await cluster.close();
    throw error;
  }
}
