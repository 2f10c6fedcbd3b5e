import type { Channel } from '../channels/channel.ts';
import type { Importer } from '../channels/importer.ts';
import { openRunFiles } from '../durable/run-files.ts';
import type { MediaStore } from '../media/store.ts';
import type { Directory } from '../people/directory.ts';
import type { PeopleIndex } from '../people/people-index.ts';
import type { Container } from '../storage/container.ts';
import type { Tombstones } from '../tombstones/tombstones.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import { exportState } from './export-state.ts';
import { createExportImporter } from './import-export.ts';
import { createFileImporter } from './import-file.ts';
import { importState } from './import-state.ts';
import { openMergeEntries } from './merge-entries.ts';
import { createExportStep } from './run-export.ts';
import { createImportStep } from './run-import.ts';
import { serveExports } from './serve-export.ts';
import { serveImports } from './serve-import.ts';

export interface TransferDependencies {
  channels: readonly Channel[];
  /** Container names are those of their blobs: `transcripts`, `imports`, `exports`, `media`. */
  blobs: Record<'transcripts' | 'imports' | 'exports' | 'media', Container>;
  transcripts: Pick<TranscriptStore, 'append' | 'list'>;
  media: Pick<MediaStore, 'find' | 'keep'>;
  people: Pick<PeopleIndex, 'note' | 'list'>;
  directory: Pick<Directory, 'get'>;
  tombstones: Pick<Tombstones, 'admit'>;
  clock: () => Date;
  stepMilliseconds?: number;
  saveMilliseconds?: number;
  pause?: (milliseconds: number) => Promise<unknown>;
  batchSize?: number;
}

/** Import and export: their steps and their HTTP side. */
export function createTransfer(dependencies: TransferDependencies) {
  const { channels, blobs, transcripts, media, people, tombstones, clock } = dependencies;
  const importers = new Map<string, Importer>([
    ['file', createFileImporter(blobs.imports)],
    ['export', createExportImporter({ exports: blobs.exports, media, tombstones })],
    ...channels.flatMap(({ name, importer }) => (importer ? [[name, importer] as const] : [])),
  ]);
  const importRuns = openRunFiles(blobs.imports, importState);
  const exportRuns = openRunFiles(blobs.exports, exportState);
  const openMerge = () => openMergeEntries({ blobs: blobs.transcripts, transcripts, people, tombstones });
  return {
    importStep: createImportStep({ ...dependencies, importers, runs: importRuns, openMerge }),
    exportStep: createExportStep({ ...dependencies, runs: exportRuns }),
    imports: serveImports({ importers, runs: importRuns, clock }),
    exports: serveExports({ ...dependencies, transcripts: blobs.transcripts, runs: exportRuns }),
  };
}
