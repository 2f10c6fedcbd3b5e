// A host in a process of its own, so that a test can kill it. Its options come as JSON in the first argument.
import { z } from 'zod';
import { startFunctionsHost } from '../../local/functions-host/host.ts';

const keys = z.object({
  master: z.string(),
  functionDefault: z.string(),
  eventgrid: z.string(),
  durabletask: z.string(),
});
const options = z.object({
  appFolder: z.string(),
  port: z.number().default(0),
  dataFolder: z.string(),
  storage: z.string(),
  keys: keys.optional(),
});

const host = await startFunctionsHost(options.parse(JSON.parse(process.argv[2] ?? '{}')));
process.send?.({ port: host.port });
process.on('SIGTERM', async () => {
  await host.stop();
  process.exit(0);
});
process.on('disconnect', () => process.exit(0));
