import { command as adopt } from './adopt.ts';
import { command as analyze } from './analyze.ts';
import { command as approve } from './approve.ts';
import { command as baseline } from './baseline.ts';
import { command as changelog } from './changelog.ts';
import type { Command, Flags } from './command.ts';
import { command as create } from './create.ts';
import { command as down } from './down.ts';
import { command as explain } from './explain.ts';
import { command as health } from './health.ts';
import { command as init } from './init.ts';
import { command as plan } from './plan.ts';
import { command as prove } from './prove.ts';
import { command as release } from './release.ts';
import { command as repair } from './repair.ts';
import { command as snapshot } from './snapshot.ts';
import { command as status } from './status.ts';
import { command as tag } from './tag.ts';
import { command as unlock } from './unlock.ts';
import { command as up } from './up.ts';
import { command as validate } from './validate.ts';
import { command as verify } from './verify.ts';

/** A command whose flags are looked up by name: what the program does with all of them alike. */
function listed<F extends Flags>(command: Command<F>): Command {
  return command as unknown as Command;
}

/** Every command, in the order in which `airlock --help` shows them. */
export const commands: readonly Command[] = [
  listed(validate),
  listed(prove),
  listed(up),
  listed(down),
  listed(status),
  listed(plan),
  listed(approve),
  listed(health),
  listed(analyze),
  listed(verify),
  listed(snapshot),
  listed(create),
  listed(init),
  listed(explain),
  listed(release),
  listed(tag),
  listed(changelog),
  listed(baseline),
  listed(adopt),
  listed(repair),
  listed(unlock),
];
