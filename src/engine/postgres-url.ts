/**
 * An address as pg is to get it, or undefined where it is none. What a password with unescaped characters would turn
 * into a host or a port is none either, because these are printed.
 */
export function connectableUrl(written: string): string | undefined {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url?.protocol !== 'postgres:' && url?.protocol !== 'postgresql:') return undefined;
  // What stands before the last @ is user and password; an @ behind the host is one that was meant to be that.
  if (url.hash !== '' || url.pathname.includes('@') || (url.username === '' && written.includes('@')))
    return undefined;
  // As libpq has it: `require` encrypts and does not ask for a certificate (libpq-ssl of the documentation).
  if (url.searchParams.has('sslmode') && !url.searchParams.has('uselibpqcompat'))
    url.searchParams.set('uselibpqcompat', 'true');
  return url.href;
}
