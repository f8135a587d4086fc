import type { Log, LogFields } from './log.ts';
import { clip, visible } from './report/visible.ts';

/** Characters of one text: a migration may be 50 MB. */
const LONGEST = 20_000;

/** The same log with more to keep out of it. */
export function redactedLog(log: Log, redact: (text: string) => string): Log {
  if (!log.enabled) return log;
  return Object.assign(
    (message: string, fields: LogFields = {}): void => log(redact(message), cleanFields(fields, redact)),
    { enabled: true },
  );
}

export function cleanFields(fields: LogFields, redact: (text: string) => string): LogFields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, cleanValue(value, redact)]));
}

function cleanValue(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return cleanText(value, redact);
  if (Array.isArray(value)) return value.map((each) => cleanValue(each, redact));
  return value;
}

/** SQL is hostile: nothing in it may act upon a terminal, or upon the runner of a workflow. */
export function cleanText(text: string, redact: (text: string) => string): string {
  return visible(redact(clip(text, LONGEST))).replaceAll('##[', '# #[');
}
