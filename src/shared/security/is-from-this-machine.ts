import type { HttpRequest } from '@azure/functions';

/** What proxies, tunnels and front ends add. */
const forwarding =
  /^(?:forwarded|via|(?:x-)?client-ip|true-client-ip|x-(?:forwarded|original|real|arr|azure|envoy|appservice|site)\b.*|cf-.*|cdn-loop|disguised-host|was-default-hostname)$/i;

/**
 * Whether a request was made to this machine by its own name, by a program or by a page of Parley's own. The host tells no
 * address of a caller, so that only what the request says can decide: a name of another machine (DNS rebinding), a header
 * of a proxy or tunnel, or a page of elsewhere means no.
 */
export function isFromThisMachine({ url, headers }: Pick<HttpRequest, 'url' | 'headers'>): boolean {
  const address = new URL(url);
  const host = headers.get('host');
  if (!isLoopback(address.hostname)) return false;
  if (host !== null && !(URL.canParse(`http://${host}`) && isLoopback(new URL(`http://${host}`).hostname))) {
    return false;
  }
  if ([...headers.keys()].some((name) => forwarding.test(name))) return false;
  const site = headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin' && site !== 'none') return false;
  return [headers.get('origin'), headers.get('referer')].every(
    (from) => from === null || isOf(from, address),
  );
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function isOf(from: string, { origin }: URL): boolean {
  return URL.canParse(from) && new URL(from).origin === origin;
}
