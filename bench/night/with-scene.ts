import { join } from 'node:path';
import { startParley } from '../setup/start-parley.ts';
import { withFolder } from '../setup/temporary-folder.ts';
import type { Scene } from './measure-night.ts';
import { startCountedAzurite } from './start-counted-azurite.ts';

/** Runs `work` with an app whose storage counts the requests that it gets; both end with it. `settings` are the app's. */
export function withScene(
  work: (scene: Scene) => Promise<void>,
  settings: Record<string, string> = {},
): Promise<void> {
  return withFolder(async (folder) => {
    const azurite = await startCountedAzurite(join(folder, 'azurite'));
    try {
      const dataFolder = join(folder, 'parley');
      const environment = { ...settings, AzureWebJobsStorage: azurite.connectionString };
      const parley = await startParley({ folder: dataFolder, command: 'node', environment });
      try {
        await work({ parley, azurite, folder: dataFolder });
      } finally {
        await parley.stop();
      }
    } finally {
      await azurite.stop();
    }
  });
}
