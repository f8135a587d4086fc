import type { SealedMigration } from '../migration/plan.ts';
import { isBreaking } from '../migration/releases.ts';
import { code, inline } from './markdown-text.ts';

export interface ChangelogPart {
  /** Undefined: not released yet. */
  readonly release?:
    | { readonly version: string; readonly name: string; readonly tags: readonly string[] }
    | undefined;
  readonly migrations: readonly SealedMigration[];
}

/** Markdown; parts in their order, and in each what is breaking first. */
export function changelogText(parts: readonly ChangelogPart[]): string {
  return parts.map(partText).join('\n');
}

function partText({ release, migrations }: ChangelogPart): string {
  const tags =
    release && release.tags.length > 0 ? ` (${release.tags.map((tag) => inline(tag)).join(', ')})` : '';
  const title = release ? `${inline(release.version)}: ${inline(release.name)}${tags}` : 'Not released yet';
  const breaking = migrations.filter(isBreaking);
  const others = migrations.filter((each) => !isBreaking(each));
  return [
    `## ${title}\n`,
    ...section('Breaking changes', breaking),
    ...section(breaking.length > 0 ? 'Other changes' : 'Changes', others),
    ...(migrations.length === 0 ? ['No migrations.\n'] : []),
  ].join('\n');
}

function section(title: string, migrations: readonly SealedMigration[]): readonly string[] {
  return migrations.length === 0 ? [] : [`### ${title}\n`, `${migrations.map(line).join('\n')}\n`];
}

function line({ migration: { id, name, metadata } }: SealedMigration): string {
  const what = metadata?.description ?? name.replaceAll('_', ' ');
  const down = metadata?.requiresDowntime === true ? ' Requires downtime.' : '';
  const author = metadata?.author === undefined ? '' : `, ${inline(metadata.author)}`;
  return `- ${inline(what)} (${idText(id)}${author})${down}`;
}

/** Read on terminals, too, where a code element is in the way. */
function idText(id: string): string {
  return /^[\w.-]+$/.test(id) ? `\`${id}\`` : code(id);
}
