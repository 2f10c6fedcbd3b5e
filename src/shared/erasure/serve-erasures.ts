import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { ParleyError } from '../errors.ts';
import type { Directory, PersonRecord } from '../people/directory.ts';
import { isPersonId } from '../people/person-id.ts';
import { readConversationKey } from '../transcripts/conversation-address.ts';
import type { Together } from '../transcripts/read-together.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import type { createHoldFinder } from './find-holds.ts';
import { subjectOf } from './finish-step.ts';
import type { Held } from './holds.ts';
import { isThere, partsOf } from './parts-of.ts';
import { accepted, type StartClient, type Starter } from './start-erasure.ts';

interface Dependencies {
  starter: Starter;
  holdFinder: ReturnType<typeof createHoldFinder>;
  directory: Pick<Directory, 'get'>;
  transcripts: Pick<TranscriptStore, 'has'>;
  together: Together;
  /** False where nothing can be buried. */
  isConfigured: boolean;
}

/** A caller waits. */
const patience = 20_000;

/** `DELETE /api/people/{id}` and `DELETE /api/conversations/{channel}/{id}`: 202, or why not. */
export function serveErasures(dependencies: Dependencies) {
  const { starter, holdFinder, directory, together } = dependencies;

  async function erasePerson(request: HttpRequest, client: StartClient): Promise<HttpResponseInit> {
    checkConfigured();
    const atProvider = readAtProvider(request);
    const signal = AbortSignal.timeout(patience);
    const person = await findPerson(request.params.id ?? '', signal);
    const beginning = { kind: 'person', person: person.id, atProvider } as const;
    const subject = subjectOf(beginning);
    if (!(await starter.find(subject))) {
      if (person.role === 'self') throw isOurs();
      checkFree(await holdFinder.onPerson(person, { signal }));
    }
    return accepted(await starter.start(subject, beginning, client), request.url);
  }

  async function eraseConversation(request: HttpRequest, client: StartClient): Promise<HttpResponseInit> {
    checkConfigured();
    const atProvider = readAtProvider(request);
    const signal = AbortSignal.timeout(patience);
    const [root = readConversationKey(request)] = await partsOf(readConversationKey(request), together, {
      signal,
    });
    const beginning = { kind: 'conversation', conversation: root, atProvider } as const;
    const subject = subjectOf(beginning);
    if (!(await starter.find(subject))) {
      if (!(await isThere(root, dependencies, { signal }))) throw noConversation();
      checkFree(await holdFinder.onConversation(root, { signal }));
    }
    return accepted(await starter.start(subject, beginning, client), request.url);
  }

  async function findPerson(id: string, signal: AbortSignal): Promise<PersonRecord> {
    const person = isPersonId(id) ? await directory.get(id, { signal }) : undefined;
    if (person) return person;
    throw new ParleyError('not_found', 'There is no such person. GET /api/people?name= finds them.');
  }

  function checkConfigured(): void {
    if (dependencies.isConfigured) return;
    throw new ParleyError(
      'not_configured',
      'Erasing needs the setting ERASURE_SECRET: without it, late events would bring back what was erased.',
    );
  }

  return { erasePerson, eraseConversation };
}

function readAtProvider(request: HttpRequest): boolean {
  const text = request.query.get('atProvider') ?? 'false';
  if (text === 'true' || text === 'false') return text === 'true';
  throw new ParleyError('bad_request', 'atProvider must be true or false.');
}

function checkFree(holds: readonly Held[]): void {
  if (holds.length === 0) return;
  throw new ParleyError(
    'on_hold',
    'A legal hold stands in the way: `holds` names it. DELETE it at /api/holds once it is no longer needed.',
    { details: { holds } },
  );
}

function isOurs(): ParleyError {
  return new ParleyError(
    'bad_request',
    'This is one of our own service users, numbers or bots: erasing it would erase what all others said with it. ' +
      'Where it is somebody after all, PUT /api/people/{id} with another role first.',
  );
}

function noConversation(): ParleyError {
  return new ParleyError(
    'not_found',
    'There is no such conversation. GET /api/conversations lists those there are.',
  );
}
