import type { RunFiles } from '../durable/run-files.ts';
import { ParleyError } from '../errors.ts';
import { toIdentity } from '../people/identity.ts';
import type { Container } from '../storage/container.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import { listSegments } from '../transcripts/segments.ts';
import { type ExportScope, type ExportState, exportScope, newExport } from './export-state.ts';
import { serveTransfers } from './serve-transfer.ts';

export const exportOrchestrator = 'runExport';

interface Dependencies {
  transcripts: Container;
  runs: RunFiles<ExportState>;
  clock: () => Date;
}

/** `POST /api/export`, `GET` and `DELETE /api/export/{id}`. */
export function serveExports({ transcripts, runs, clock }: Dependencies) {
  return serveTransfers<ExportState>({
    name: 'export',
    orchestrator: exportOrchestrator,
    runs,
    clock,
    report: reportExport,
    async begin(body = {}, id) {
      const scope = readScope(body);
      if (
        'conversation' in scope &&
        (await listSegments(transcripts, conversationPath(scope.conversation))).length === 0
      ) {
        throw new ParleyError(
          'not_found',
          'There is no such conversation. GET /api/conversations lists those there are.',
        );
      }
      return newExport({ id, scope, startedAt: clock().toISOString() });
    },
  });
}

/** A person is named as `GET /api/conversations?with=` takes it, and kept as the identity that is meant. */
function readScope(body: unknown): ExportScope {
  const { data: scope } = exportScope.safeParse(body);
  if (!scope) {
    throw new ParleyError(
      'bad_request',
      'The body must be {}, or name one of channel, conversation { channel, id } and with (a person).',
    );
  }
  if (!('with' in scope)) return scope;
  const identity = toIdentity(scope.with);
  if (identity !== undefined) return { with: identity };
  throw new ParleyError(
    'bad_request',
    'with must name a person: a number in international form such as +15551230001, a mail address, ' +
      'or an identity such as 8:acs:… or whatsapp:….',
  );
}

/** `folder` is where its files are: the container `exports` and a prefix. */
function reportExport({ id, scope, state, startedAt, endedAt, counts }: ExportState): object {
  return { id, scope, state, startedAt, ...(endedAt ? { endedAt } : {}), ...counts, folder: `exports/${id}` };
}
