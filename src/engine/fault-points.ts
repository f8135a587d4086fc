/**
 * Every boundary between two steps at which a run can be cut off. The tests end the process at each of them; a step
 * that writes anything has a point before it and one after it.
 */
export const FAULT_POINTS = [
  'before-install',
  'after-install',
  'before-lease',
  'after-lease',
  'before-statement',
  'after-statement',
  'before-verify',
  'before-commit',
  'after-commit',
  'before-running-row',
  'after-running-row',
  'before-begun',
  'after-begun',
  'before-done',
  'after-done',
  'before-applied-row',
  'after-applied-row',
  'before-failed-row',
  'after-failed-row',
  'before-fingerprint',
  'after-fingerprint',
  'before-release',
  'after-release',
] as const;
export type FaultPoint = (typeof FAULT_POINTS)[number];
