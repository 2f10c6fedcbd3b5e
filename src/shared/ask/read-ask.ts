import * as z from 'zod';
import { ParleyError } from '../errors.ts';
import { parseJson } from '../json.ts';
import { isPersonId } from '../people/person-id.ts';
import { maskSecrets } from '../redaction/mask-secrets.ts';
import { isTimeZone } from '../time-zone.ts';

const mostCharacters = 2_000;
const mostNames = 20;

const body = z.strictObject({
  request: z.string(),
  as: z.string().max(512).optional(),
  people: z.record(z.string(), z.string()).optional(),
  timeZone: z.string().max(100).optional(),
});

/** What a caller of `POST /api/ask` sends. */
export interface AskBody {
  request: string;
  as?: string;
  people: Record<string, string>;
  timeZone?: string;
}

/** Reads and checks the body; what must not leave is masked in it (`maskSecrets`). Throws `bad_request` and `too_large`, in words for whoever wrote it. */
export function readAsk(text: string): AskBody {
  if (Buffer.byteLength(text) > 64 * 1024) {
    throw new ParleyError(
      'too_large',
      `A request has up to ${mostCharacters} characters; this body has more than 64 KiB.`,
    );
  }
  const read = body.safeParse(parseJson(text));
  if (!read.success) {
    throw wrong(
      'The body must be { "request": "…" }, with "as", "people" { "<name>": "p_…" } and "timeZone" where they are needed, and nothing else.',
    );
  }
  const { request, as, people = {}, timeZone } = read.data;
  if (request.trim() === '') throw wrong('request is empty: say in plain words what you want to know.');
  if (request.length > mostCharacters) {
    throw wrong(`request may have ${mostCharacters} characters; this one has ${request.length}.`);
  }
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    throw wrong('timeZone must be the IANA name of a time zone, such as Europe/Berlin.');
  }
  checkPeople(people, request);
  return {
    request: maskSecrets(request),
    people: Object.fromEntries(Object.entries(people).map(([name, id]) => [maskSecrets(name), id])),
    ...(as === undefined ? {} : { as }),
    ...(timeZone === undefined ? {} : { timeZone }),
  };
}

function checkPeople(people: Record<string, string>, request: string): void {
  const names = Object.keys(people);
  if (names.length > mostNames) throw wrong(`people may have ${mostNames} names.`);
  const fold = (text: string): string => text.toLowerCase().replaceAll(/\s+/g, ' ').trim();
  if (!names.every((name) => fold(name) !== '' && fold(request).includes(fold(name)))) {
    throw wrong('people has a name that request does not: write it as it stands there.');
  }
  if (!Object.values(people).every(isPersonId)) {
    throw wrong(
      'people must name persons by their id, p_ and 22 characters, as an answer with status choose gives them.',
    );
  }
}

function wrong(message: string): ParleyError {
  return new ParleyError('bad_request', message);
}
