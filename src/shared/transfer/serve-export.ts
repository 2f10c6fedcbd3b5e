import type { RunFiles } from '../durable/run-files.ts';
import { ParleyError } from '../errors.ts';
import type { Directory } from '../people/directory.ts';
import { identitiesOf } from '../people/identities-of.ts';
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
  directory: Pick<Directory, 'get'>;
  clock: () => Date;
}

/** `POST /api/export`, `GET` and `DELETE /api/export/{id}`. */
export function serveExports({ transcripts, runs, directory, clock }: Dependencies) {
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
      const identities = 'with' in scope ? await identitiesOf(scope.with, directory) : undefined;
      return newExport({ id, scope, identities, startedAt: clock().toISOString() });
    },
  });
}

/** A person or an identity is named as `GET /api/conversations?with=` takes it, an identity in any spelling. */
function readScope(body: unknown): ExportScope {
  const { data: scope } = exportScope.safeParse(body);
  if (!scope) {
    throw new ParleyError(
      'bad_request',
      'The body must be {}, or name one of channel, conversation { channel, id } and with (a person).',
    );
  }
  return 'with' in scope ? { with: toIdentity(scope.with) ?? scope.with } : scope;
}

/** `folder` is where its files are: the container `exports` and a prefix. */
function reportExport({ id, scope, state, startedAt, endedAt, counts }: ExportState): object {
  return { id, scope, state, startedAt, ...(endedAt ? { endedAt } : {}), ...counts, folder: `exports/${id}` };
}
