/** Commands that are about one database. */
const ABOUT_A_DATABASE =
  /\bairlock (?:up|down|status|plan|approve|health|analyze|verify|baseline|adopt|repair|unlock)\b(?![^;"]* --env )/g;

/**
 * Text in which each command that is to be typed next names the environment that this one was for: whoever copies it
 * must not end up at another database. Only lines behind `next:` are touched, and `"next":` of a result document.
 */
export function forEnvironment(text: string, environment: string): string {
  return text.replace(/^\s*(?:next: |"next": ").*$/gm, (line) => commandFor(line, environment));
}

/** As `forEnvironment`, for what stands behind `next:`. */
export function commandFor(next: string, environment: string): string {
  return next.replace(ABOUT_A_DATABASE, (command) => `${command} --env ${environment}`);
}
