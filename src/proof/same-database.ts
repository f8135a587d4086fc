/** Where an address leads, in one spelling. */
export interface Place {
  /** `local` for this machine, however it is called; else a name in lower case, past a known pooler. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
}

export type Likeness =
  | { readonly kind: 'different' }
  /** `alike`: it may be the same server, or the same database by another door. */
  | { readonly kind: 'same' | 'alike'; readonly because: string };

const DEFAULT_PORT = 5432;
/** Where poolers listen beside the server: PgBouncer, Supabase, DigitalOcean. */
const POOLER_PORTS: ReadonlySet<number> = new Set([DEFAULT_PORT, 6432, 6543, 25_060, 25_061]);

/** Undefined: the address cannot be read, and nothing can be said about it. */
export function placeOf(address: string): Place | undefined {
  const written = address
    .trim()
    .replace(/^jdbc:/i, '')
    .replace(/^postgres(?:ql)?(?:\+\w+)?:/i, 'postgres:');
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url?.protocol !== 'postgres:') return undefined;
  const asked = url.searchParams;
  const user = decoded(asked.get('user') ?? url.username);
  const host = decoded(asked.get('host') || asked.get('hostaddr') || url.hostname);
  const port = asked.get('port') || url.port;
  const path = decoded(url.pathname.replace(/^\//, ''));
  if (path === undefined || host === undefined || user === undefined) return undefined;
  // Several hosts, of which any may be the one (libpq-connect, "Specifying Multiple Hosts").
  if (host.includes(',')) return undefined;
  // Left out, it is called as the user is (libpq-connect of the documentation).
  const database = path || asked.get('dbname') || asked.get('database') || user;
  return {
    host: hostPast(host, user),
    port: port === '' ? DEFAULT_PORT : Number(port),
    database,
  };
}

/** Compares two addresses without asking anybody: what two names of one server hide is not seen. */
export function compareDatabases(one: string, other: string): Likeness {
  const a = placeOf(one);
  const b = placeOf(other);
  if (!a || !b)
    return { kind: 'alike', because: 'an address that cannot be read cannot be told from another' };
  if (a.host !== b.host) return { kind: 'different' };
  const sameDatabase = a.database === b.database;
  if (a.port === b.port)
    return sameDatabase
      ? { kind: 'same', because: 'host, port and database are the same' }
      : { kind: 'alike', because: 'it is another database of the same server' };
  const pooled = POOLER_PORTS.has(a.port) && POOLER_PORTS.has(b.port);
  if (sameDatabase && (pooled || a.host !== LOCAL))
    return { kind: 'alike', because: 'host and database are the same, and one of the ports may be a pooler' };
  return { kind: 'different' };
}

const LOCAL = 'local';
const LOCAL_NAMES =
  /^(?:|localhost|.*\.localhost|localhost\.localdomain|ip6-localhost|host\.docker\.internal)$/;
/** Loopback, and "this machine" in IPv4, IPv6 and IPv4 written as IPv6. */
const LOCAL_NUMBERS = /^(?:127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\])$/;

function hostPast(written: string, user: string): string {
  // A folder of sockets, or an abstract one: they are on this machine.
  if (/^[/@]/.test(written)) return LOCAL;
  const host = canonical(written).replace(/\.$/, '');
  if (LOCAL_NAMES.test(host) || LOCAL_NUMBERS.test(host)) return LOCAL;
  const project =
    /^db\.([a-z0-9]+)\.supabase\.(?:co|com)$/.exec(host)?.[1] ??
    (host.endsWith('.pooler.supabase.com') ? /\.([a-z0-9]+)$/.exec(user)?.[1] : undefined);
  if (project !== undefined) return `supabase ${project}`;
  return (
    host
      // Neon's and others' pooler is the first label with a suffix.
      .replace(/^([^.]+)-pooler\./, '$1.')
      .replace(/^private-(.+\.ondigitalocean\.com)$/, '$1')
      // Aurora's readers are the writer's data.
      .replace(/\.cluster-ro-([a-z0-9]+\.[a-z0-9-]+\.rds\.)/, '.cluster-$1')
  );
}

/** As browsers write hosts: numbers in any notation, names in lower case and ASCII. */
function canonical(host: string): string {
  const bracketed = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  const url = `http://${bracketed}/`;
  return URL.canParse(url) ? new URL(url).hostname : host.toLowerCase();
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
