import { ParleyError } from '../errors.ts';
import type { Container } from '../storage/container.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import { listSegments } from '../transcripts/segments.ts';
import { type ExportState, exportScope, newExport } from './export-state.ts';
import type { RunFiles } from './run-files.ts';
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
      const scope = exportScope.safeParse(body);
      if (!scope.success) {
        throw new ParleyError(
          'bad_request',
          'The body must be {}, or name one of channel, conversation { channel, id } and with (an identity such as 8:acs:…).',
        );
      }
      const { data } = scope;
      if (
        'conversation' in data &&
        (await listSegments(transcripts, conversationPath(data.conversation))).length === 0
      ) {
        throw new ParleyError(
          'not_found',
          'There is no such conversation. GET /api/conversations lists those there are.',
        );
      }
      return newExport({ id, scope: data, startedAt: clock().toISOString() });
    },
  });
}

/** `folder` is where its files are: the container `exports` and a prefix. */
function reportExport({ id, scope, state, startedAt, endedAt, counts }: ExportState): object {
  return { id, scope, state, startedAt, ...(endedAt ? { endedAt } : {}), ...counts, folder: `exports/${id}` };
}
