import { asciiDomain } from './mail-address.ts';
import type { Mail } from './parse-mail.ts';

interface Result {
  method: string;
  value: string;
  /** Such as `header.from`, in small letters. */
  properties: ReadonlyMap<string, string>;
}

const longestHeader = 8_000;

/**
 * Whether the mail gateway vouches for the one sender that a mail names. Only the topmost header of the trusted name
 * counts, since a mail may bring others along; it is read as Authentication-Results (RFC 8601). Enough is `dmarc=pass`
 * for the domain of From; or, where DMARC says nothing, `spf=pass` or `dkim=pass` for that domain or one above it. Without a
 * trusted header nobody is vouched for.
 */
export function isVouchedFor(
  { headers, from }: Pick<Mail, 'headers' | 'from'>,
  trustedHeader?: string,
): boolean {
  const claims = headers.filter(({ name }) => name === 'from');
  const [sender, ...others] = from;
  if (trustedHeader === undefined || claims.length !== 1 || others.length > 0) return false;
  const domain = domainOf(sender.address);
  const trusted = headers.find(({ name }) => name === trustedHeader);
  const results = domain && trusted ? parseResults(trusted.value) : [];
  const dmarc = results.filter(({ method }) => method === 'dmarc');
  if (dmarc.some(({ value }) => value !== 'none')) {
    return dmarc.every(
      ({ value, properties }) => value === 'pass' && domainOf(properties.get('header.from')) === domain,
    );
  }
  return results.some(({ method, value, properties }) => {
    if (value !== 'pass') return false;
    const named =
      method === 'spf'
        ? [properties.get('smtp.mailfrom')]
        : method === 'dkim'
          ? [properties.get('header.d') ?? properties.get('header.i')]
          : [];
    return named.some((name) => isSameOrAbove(domainOf(name), domain));
  });
}

/** Nobody gives out names below a domain but its owner. The other way round it would take a list of public suffixes. */
function isSameOrAbove(above: string, domain: string): boolean {
  return above !== '' && above.includes('.') && (above === domain || domain.endsWith(`.${above}`));
}

function domainOf(text: string | undefined): string {
  return asciiDomain((text ?? '').slice((text ?? '').lastIndexOf('@') + 1).trim()).replace(/\.$/, '');
}

/** The results of the header; none where it is not what it should be. */
function parseResults(value: string): Result[] {
  const statements = value.length > longestHeader ? [] : (splitStatements(value) ?? []);
  return statements.flatMap((tokens) => {
    const [first = '', ...rest] = tokens;
    const [, method, result] = /^([a-z][a-z0-9-]*)(?:\/\d+)?=([a-z]+)$/i.exec(first) ?? [];
    if (method === undefined || result === undefined) return [];
    const properties = new Map<string, string>();
    for (const token of rest) {
      const at = token.indexOf('=');
      const name = token.slice(0, at).toLowerCase();
      if (at > 0 && !properties.has(name)) properties.set(name, token.slice(at + 1));
    }
    return [{ method: method.toLowerCase(), value: result.toLowerCase(), properties }];
  });
}

/**
 * Statements between semicolons, each split at white space; comments left out, quoted text as one piece: senders can
 * bring what they like into both. Undefined where a comment or quote is not closed.
 */
function splitStatements(value: string): string[][] | undefined {
  const statements: string[][] = [[]];
  let token = '';
  let depth = 0;
  let isQuoted = false;
  const endToken = (): void => {
    if (token !== '') statements.at(-1)?.push(token);
    token = '';
  };
  const text = value.replaceAll(/\s*=\s*/g, '=');
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '\\' && (isQuoted || depth > 0)) {
      index += 1;
      if (isQuoted) token += text.charAt(index);
    } else if (isQuoted) {
      if (character === '"') isQuoted = false;
      else token += character;
    } else if (character === '(') depth += 1;
    else if (character === ')' && depth > 0) depth -= 1;
    else if (depth > 0) continue;
    else if (character === '"') isQuoted = true;
    else if (character === ';') {
      endToken();
      statements.push([]);
    } else if (/\s/.test(character)) endToken();
    else token += character;
  }
  endToken();
  return isQuoted || depth > 0 ? undefined : statements;
}
