/** Hosts that are this machine: nobody stands between. */
const LOCAL = /^(?:|localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\])$/i;

/**
 * The address with TLS that proves who answers, where the host is another machine and nothing is said about TLS
 * (libpq-ssl of the documentation: sslmode=verify-full). What cannot be read as an address is left as it is.
 */
export function withVerifiedTls(written: string, pgSslMode: string | undefined): string {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (!url || url.searchParams.has('sslmode') || url.searchParams.has('ssl')) return written;
  const host = url.searchParams.get('host') ?? url.hostname;
  if (host.startsWith('/') || LOCAL.test(host)) return written;
  url.searchParams.set('sslmode', pgSslMode ?? 'verify-full');
  return url.href;
}
