import type { HttpRequest } from '@azure/functions';
import * as z from 'zod';
import { checkForm } from '../check-form.ts';
import { ParleyError } from '../errors.ts';
import { readBody } from '../http/read-body.ts';
import { parseJson } from '../json.ts';
import type { PersonRecord } from './directory.ts';
import { waysToName } from './identities-of.ts';
import { toIdentity } from './identity.ts';

const largestBody = 256 * 1024;
const most = 100;

const identity = z
  .string()
  .max(512)
  .transform((text, { addIssue }) => {
    const meant = text.isWellFormed() ? toIdentity(text) : undefined;
    if (meant === undefined) addIssue(`must be ${waysToName}`);
    return meant ?? '';
  });

/** A channel registration of ours may be written as it is. */
const ourEnd = z
  .string()
  .transform((text) =>
    /^\s*[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\s*$/i.test(text) ? `whatsapp:${text.trim()}` : text,
  )
  .pipe(identity);

const name = z
  .string()
  .transform((text) => text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim())
  .pipe(z.string().min(1).max(200))
  .refine((text) => text.isWellFormed(), 'is not well-formed Unicode');

const personBody = z.strictObject({
  /** `null` takes it away. */
  name: name.nullable().optional(),
  role: z.enum(['customer', 'staff', 'self']).optional(),
  identities: z.array(identity).max(most).optional(),
  answersFor: z.array(ourEnd).max(most).optional(),
});
type PersonBody = z.infer<typeof personBody>;

/** What a request says of a person. Throws `bad_request`, `length_required`, `too_large`. */
export async function readPerson(request: HttpRequest): Promise<PersonBody> {
  const body = await readBody(request, { what: 'A person', most: largestBody });
  const parsed = parseJson(body.toString('utf8'));
  if (parsed === undefined) throw new ParleyError('bad_request', 'The body must be JSON in UTF-8.');
  const checked = checkForm(personBody, parsed);
  if (!checked.problem) return checked.value;
  const { path, message } = checked.problem;
  throw new ParleyError('bad_request', `${path.length ? `${path.join('.')}:` : 'The body'} ${message}.`);
}

/** What is left out stays. */
export function applyTo(
  known: PersonRecord | undefined,
  id: string,
  { name: given, role, identities, answersFor }: PersonBody,
): PersonRecord {
  const before = known ?? { id, role: 'customer', identities: [] };
  const called = given === undefined ? before.name : (given ?? undefined);
  const ends = answersFor ?? before.answersFor ?? [];
  return {
    id,
    ...(called === undefined ? {} : { name: called }),
    role: role ?? before.role,
    identities: identities ?? before.identities,
    ...(ends.length > 0 ? { answersFor: [...new Set(ends)] } : {}),
  };
}
