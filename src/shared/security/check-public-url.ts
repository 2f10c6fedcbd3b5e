import { lookup as lookUp } from 'node:dns/promises';
import { once } from 'node:events';
import { BlockList, isIP } from 'node:net';
import { ParleyError } from '../errors.ts';

/** The addresses of a host name; rejects as `dns.lookup` does. */
export type Lookup = (hostname: string) => Promise<{ address: string }[]>;

/** Everything that is not the public Internet (IANA special-purpose registries), and what tunnels into it. */
const closed = new BlockList();
for (const range of [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // Azure's platform address, public by number and reachable only from within.
  '168.63.129.16/32',
]) {
  addRange(range, 'ipv4');
}
/** Of IPv6 only this is given out to the public. */
const openV6 = new BlockList();
openV6.addSubnet('2000::', 3, 'ipv6');
for (const range of ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']) addRange(range, 'ipv6');

/**
 * Refuses an address that somebody else is to fetch for us, unless it is https, without credentials, and its host is, or
 * resolves to, nothing but public addresses. Throws `bad_request`, or `provider_unavailable` where names cannot be
 * resolved just now. Whoever fetches resolves the name again: this keeps us from being a tool, and protects nobody's network.
 */
export async function checkPublicUrl(
  text: string,
  { lookup = lookUpAll, signal }: { lookup?: Lookup; signal?: AbortSignal } = {},
): Promise<void> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // Whoever fetches may read these in another way than we do.
  if (/[\s\p{Cc}\\]/u.test(text)) throw refused('must not contain spaces, control characters or backslashes');
  if (url?.protocol !== 'https:') throw refused('must begin with https://');
  if (url.username || url.password) throw refused('must not carry a user name or password');
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const addresses = isIP(host) ? [host] : await resolve(host, lookup, signal);
  if (!addresses.every(isPublicAddress)) throw refused('must not lead to a private or local network');
}

export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !closed.check(address, 'ipv4');
  return family === 6 && openV6.check(address, 'ipv6') && !closed.check(address, 'ipv6');
}

async function resolve(host: string, lookup: Lookup, signal: AbortSignal | undefined): Promise<string[]> {
  try {
    const found = await Promise.race([lookup(host), ...(signal ? [endOf(signal)] : [])]);
    if (found.length > 0) return found.map(({ address }) => address);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ENOTFOUND' && code !== 'ENODATA') {
      throw new ParleyError(
        'provider_unavailable',
        'The host of the address cannot be resolved just now. Send the same request again later.',
        { cause: error },
      );
    }
  }
  throw refused('must name a host that exists');
}

/** The system's resolver takes its time, and cannot be stopped. */
async function endOf(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
}

function lookUpAll(hostname: string): ReturnType<Lookup> {
  return lookUp(hostname, { all: true });
}

function addRange(range: string, family: 'ipv4' | 'ipv6'): void {
  const [network = '', prefix = ''] = range.split('/');
  closed.addSubnet(network, Number(prefix), family);
}

function refused(rule: string): ParleyError {
  return new ParleyError('bad_request', `The address of a file that the provider is to fetch ${rule}.`);
}
