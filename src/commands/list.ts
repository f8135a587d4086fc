import type { Command, Flags } from './command.ts';
import { command as create } from './create.ts';
import { command as explain } from './explain.ts';
import { command as init } from './init.ts';
import { command as prove } from './prove.ts';
import { command as snapshot } from './snapshot.ts';
import { command as validate } from './validate.ts';

/** A command whose flags are looked up by name: what the program does with all of them alike. */
function listed<F extends Flags>(command: Command<F>): Command {
  return command as unknown as Command;
}

/** Every command, in the order in which `airlock --help` shows them. */
export const commands: readonly Command[] = [
  listed(validate),
  listed(prove),
  listed(snapshot),
  listed(create),
  listed(init),
  listed(explain),
];
