import { commandData, neutralise } from '../report/actions-log.ts';
import type { Redactor } from '../report/redact.ts';
import { visible } from '../report/visible.ts';

/** The job's log. Whatever is written to it may hold text from SQL: no line of it becomes a workflow command. */
export interface Log {
  info(text: string): void;
  /** Annotates the run. */
  warning(text: string): void;
  error(text: string): void;
  /** A workflow command, or several lines of them, made by the report. */
  commands(lines: readonly string[]): void;
}

export function actionsLog(print: (line: string) => void, redact: Redactor): Log {
  const clean = (text: string): string => neutralise(visible(redact(text)));
  const command = (name: string, text: string): void =>
    print(`::${name} title=Airlock::${commandData(clean(text))}`);
  return {
    info: (text) => print(clean(text)),
    warning: (text) => command('warning', text),
    error: (text) => command('error', text),
    commands: (lines) => {
      for (const line of lines) print(line);
    },
  };
}
