/** Notes what happens and how long it takes; for people who look for the reason of something, not for results. */
export interface Log {
  (message: string, fields?: LogFields): void;
  /** Somebody reads it: what costs something is only asked for then. */
  readonly enabled?: boolean | undefined;
}
export type LogFields = Readonly<Record<string, unknown>>;

interface Logging {
  /** LOG_LEVEL and LOG_FORMAT stand in it, and what must not be logged. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Standard error is a terminal. */
  readonly terminal: boolean;
}

const LEVELS: ReadonlySet<string> = new Set(['debug', 'trace']);

/**
 * A log for LOG_LEVEL=debug on standard error: JSON lines, or for a terminal and LOG_FORMAT=pretty lines for people.
 * Below that level nothing is written, and pino is not loaded.
 */
export async function createLog({ env, terminal }: Logging): Promise<Log> {
  const level = env['LOG_LEVEL']?.trim().toLowerCase() ?? '';
  if (!LEVELS.has(level)) return () => undefined;
  // Loaded here: every start would pay for them.
  const [{ default: pino }, { createRedactor, secretsIn }, { cleanFields, cleanText }] = await Promise.all([
    import('pino'),
    import('./report/redact.ts'),
    import('./log-fields.ts'),
  ]);
  const format = env['LOG_FORMAT']?.trim().toLowerCase();
  const pretty = format === 'pretty' || (format !== 'json' && terminal);
  const destination = pretty
    ? (await import('pino-pretty')).default({
        destination: 2,
        sync: true,
        colorize: terminal && env['NO_COLOR'] === undefined,
        translateTime: 'SYS:HH:MM:ss.l',
      })
    : pino.destination({ dest: 2, sync: true });
  const logger = pino({ level: 'debug', base: null }, destination);
  const redact = createRedactor(secretsIn(env));
  const log = (message: string, fields: LogFields = {}): void =>
    logger.debug(
      { ...cleanFields(fields, redact), elapsed: Math.round(performance.now()) },
      cleanText(message, redact),
    );
  return Object.assign(log, { enabled: true });
}
