import * as z from 'zod';
import { parseJson } from '../json.ts';

/** Whom App Service authentication has signed in, with Microsoft Entra ID. */
export interface Principal {
  /** `entra:<tenant>/<object id>`. */
  identity: string;
  tenant: string;
  /** Whether they have the app role `operator`. */
  isOperator: boolean;
}

const principal = z.object({
  auth_typ: z.string(),
  claims: z.array(z.object({ typ: z.string(), val: z.string() })),
});

/** Each claim under the name in the token, and under the one that App Service maps it to. */
const names = {
  tenant: ['tid', 'http://schemas.microsoft.com/identity/claims/tenantid'],
  objectId: ['oid', 'http://schemas.microsoft.com/identity/claims/objectidentifier'],
  role: ['roles', 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role'],
} as const;

const guid = z.guid().transform((text) => text.toLowerCase());
/** The platform keeps headers far below this. */
const longest = 64 * 1024;

/**
 * Reads the header `X-MS-CLIENT-PRINCIPAL`, base64 of JSON; undefined for whatever names nobody for certain. Never by a mail
 * or a name: people choose these themselves.
 * https://learn.microsoft.com/azure/app-service/configure-authentication-user-identities
 */
export function readPrincipal(header: string): Principal | undefined {
  if (header.length > longest || !/^[A-Za-z0-9+/]+={0,2}$/.test(header)) return undefined;
  const parsed = principal.safeParse(parseJson(Buffer.from(header, 'base64').toString('utf8'))).data;
  if (parsed?.auth_typ !== 'aad') return undefined;
  const valuesOf = (claim: keyof typeof names): string[] =>
    parsed.claims.filter(({ typ }) => names[claim].some((name) => name === typ)).map(({ val }) => val);
  const tenant = only(valuesOf('tenant'));
  const objectId = only(valuesOf('objectId'));
  if (tenant === undefined || objectId === undefined) return undefined;
  return {
    identity: `entra:${tenant}/${objectId}`,
    tenant,
    isOperator: valuesOf('role').includes('operator'),
  };
}

/** The one GUID that all of them are. */
function only(values: readonly string[]): string | undefined {
  const [first, ...others] = values.map((value) => guid.safeParse(value).data);
  return others.every((other) => other === first) ? first : undefined;
}
