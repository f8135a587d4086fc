import { MemoryFS, PGlite } from '@electric-sql/pglite';

type Files = PGlite['Module']['FS'];

/** A data directory that is there before the database looks for one; its files are parts of the archive, not copies. */
export class DataDirectory extends MemoryFS {
  readonly #archive: Promise<Buffer>;

  /** `archive`: tar in the ustar format, which may still be on its way while the database's program is compiled. */
  constructor(archive: Promise<Buffer>) {
    super();
    this.#archive = archive;
  }

  override async initialSyncFs(): Promise<void> {
    if (!this.pg) throw new Error('The data directory was asked for before there was a database.');
    unpack(this.pg.Module.FS, await this.#archive, PGlite.paths.PGDATA);
  }
}

/** Bytes; a header and each file's end are filled up to it (pax of the POSIX standard, "ustar Interchange Format"). */
const BLOCK = 512;

function unpack(files: Files, archive: Buffer, root: string): void {
  files.mkdirTree(root);
  const made = new Set<string>([root]);
  const makeFolder = (path: string): void => {
    if (made.has(path)) return;
    files.mkdirTree(path);
    made.add(path);
  };
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const name = field(archive, at, 0, 100);
    if (name === '') break;
    const size = Number.parseInt(field(archive, at, 124, 12), 8) || 0;
    const kind = field(archive, at, 156, 1);
    const path = `${root}/${name.replace(/^(?:\.?\/)+|\/+$/g, '')}`;
    const start = at + BLOCK;
    if (kind === '5') makeFolder(path);
    else if (kind === '' || kind === '0') {
      makeFolder(path.slice(0, path.lastIndexOf('/')));
      files.writeFile(path, archive.subarray(start, start + size), { canOwn: true });
    } else throw new Error(`The data directory holds something that is no file: ${name}`);
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
}

function field(archive: Buffer, header: number, offset: number, length: number): string {
  const [text = ''] = archive.toString('latin1', header + offset, header + offset + length).split('\0');
  return text.trim();
}
