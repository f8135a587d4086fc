/**
 * What GitHub's runner reads from a step's output: workflow commands. It takes `::name …::` at the start
 * of a line (after white space) and the older `##[name …]` anywhere in one, both compared with the rules
 * of a culture, in which invisible characters count as nothing
 * (actions/runner, src/Runner.Common/ActionCommand.cs; its issue 4692).
 */
const IGNORED = String.raw`[\p{C}\p{M}]*`;
// Readers of logs differ in what ends a line, so everything that does anywhere counts.
const LINE_END = String.raw`[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]`;
const COMMAND = new RegExp(`((?:^|${LINE_END})[[\\s\\p{C}\\p{M}]--${LINE_END}]*:)(?=${IGNORED}:)`, 'gv');
const OLD_COMMAND = new RegExp(`(#${IGNORED}#${IGNORED})(?=\\[)`, 'gv');

/** The same text with a space inside everything that the runner could take for a command. */
export function neutralise(text: string): string {
  return text.replace(COMMAND, '$1 ').replace(OLD_COMMAND, '$1 ');
}

/** The part after the last `::` of a workflow command. */
export function commandData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** The value of a property of a workflow command. */
export function commandProperty(text: string): string {
  return commandData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
