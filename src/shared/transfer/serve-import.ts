import * as z from 'zod';
import type { Importer } from '../channels/importer.ts';
import type { RunFiles } from '../durable/run-files.ts';
import { ParleyError } from '../errors.ts';
import { type ImportState, newImport, reportImport } from './import-state.ts';
import { serveTransfers } from './serve-transfer.ts';

export const importOrchestrator = 'runImport';

interface Dependencies {
  /** By the name that a request gives: `file`, `export` or a channel. */
  importers: ReadonlyMap<string, Importer>;
  runs: RunFiles<ImportState>;
  clock: () => Date;
}

const importBody = z.record(z.string(), z.unknown());

/** `POST /api/import`, `GET` and `DELETE /api/import/{id}`. */
export function serveImports({ importers, runs, clock }: Dependencies) {
  return serveTransfers<ImportState>({
    name: 'import',
    orchestrator: importOrchestrator,
    runs,
    clock,
    report: reportImport,
    async begin(body, id) {
      const named = importBody.safeParse(body).data ?? {};
      const [name = '', ...others] = Object.keys(named);
      const importer = importers.get(name);
      if (!importer || others.length > 0) {
        const names = [...importers.keys()].join(', ');
        throw new ParleyError(
          'bad_request',
          `The body must be an object that names exactly one of ${names}.`,
        );
      }
      const source = named[name];
      const work = await importer.begin(source);
      return newImport({ id, importer: name, source, startedAt: clock().toISOString() }, work);
    },
  });
}
