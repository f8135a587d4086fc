import type { Connection } from '../engine/connection.ts';
import { type Onlooker, runSection, type SectionResult, type SectionRun } from '../engine/run-section.ts';

/**
 * Runs a section, and leaves nothing of its session to what Airlock asks next: a path, a role, how identifiers are
 * quoted and whether transactions may write would all make other answers (sql-discard of the documentation).
 */
export async function runSettled(
  session: Connection,
  section: SectionRun,
  onlooker?: Onlooker | undefined,
): Promise<SectionResult> {
  const result = await runSection(session, section, onlooker);
  if (result.status === 'lost') return result;
  await session.run('ROLLBACK');
  await session.run('DISCARD ALL');
  return result;
}
