import { measuredAlike } from './measured-data.ts';

/**
 * Whether all bad examples of a rule were measured to do the same on two major versions (docs/measured.json);
 * undefined: one of the two, or the rule, was not measured.
 */
export function sameOn(ruleId: string, major: number, other: number): boolean | undefined {
  const groups = (measuredAlike.get(ruleId) ?? '').split(' | ').map((group) => group.split(' '));
  const [one, another] = [major, other].map((version) =>
    groups.find((group) => group.includes(String(version))),
  );
  return one && another ? one === another : undefined;
}
