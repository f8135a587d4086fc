import { isSeq, parseDocument } from 'yaml';
import * as z from 'zod/mini';
import type { Release } from '../migration/releases.ts';
import { readYaml } from './yaml.ts';

const schema = z.strictObject({
  releases: z.array(
    z.strictObject({
      version: z.string(),
      name: z.string(),
      migrations: z.array(z.string()),
      tags: z.optional(z.array(z.string())),
    }),
  ),
});

/** What `releases.yml` holds, or what is wrong with it, with the lines. */
export function readReleasesText(
  text: string,
): { readonly releases: readonly Release[] } | { readonly problems: readonly string[] } {
  const read = readYaml(text);
  if (!('value' in read)) return { problems: read.map(({ line, message }) => `line ${line}: ${message}`) };
  const parsed = z.safeParse(schema, read.value);
  if (parsed.success)
    return { releases: parsed.data.releases.map((each) => ({ ...each, tags: each.tags ?? [] })) };
  return {
    problems: parsed.error.issues.map(
      ({ path, message }) =>
        `line ${read.locate(path, 'value').line}: ${path.join('.') || 'the file'}: ${message}${
          read.written(path) === undefined ? '' : '; put it in quotes'
        }`,
    ),
  };
}

const HEAD =
  '# Versions that name sets of migrations. Written by airlock release and airlock tag, reviewed like code.\n';

/** The text with one more release, or with the tags of one that is there; comments stay. */
export function withRelease(
  text: string | undefined,
  releases: readonly Release[],
  release: Release,
): string {
  const document = parseDocument(text ?? `${HEAD}releases: []\n`);
  const { tags, ...rest } = release;
  const list = document.get('releases');
  if (!isSeq(list)) throw new Error('releases.yml was read, and so holds a list');
  list.flow = false;
  const at = releases.findIndex(({ version }) => version === release.version);
  if (at === -1) list.add(document.createNode(tags.length > 0 ? release : rest));
  else document.setIn(['releases', at, 'tags'], document.createNode(tags));
  return document.toString({ lineWidth: 0 });
}
