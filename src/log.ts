/** Notes what happens and how long it takes; for people who look for the reason of something, not for results. */
export type Log = (message: string, fields?: Readonly<Record<string, unknown>>) => void;

const LEVELS = ['debug', 'trace'];

/**
 * A log for LOG_LEVEL=debug: JSON lines on standard error. Below that level nothing is written, and pino
 * is not loaded. Fields must hold no text of a migration and no address of a database.
 */
export async function createLog(level: string | undefined): Promise<Log> {
  if (level === undefined || !LEVELS.includes(level.toLowerCase())) return () => undefined;
  const { default: pino } = await import('pino');
  const logger = pino({ level: 'debug', base: null }, pino.destination({ dest: 2, sync: true }));
  return (message, fields) => logger.debug({ ...fields, elapsed: Math.round(performance.now()) }, message);
}
