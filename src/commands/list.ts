import type { Command } from './command.ts';
import { command as validate } from './validate.ts';

/** Every command, in the order in which `airlock --help` shows them. */
export const commands: readonly Command[] = [validate as unknown as Command];
