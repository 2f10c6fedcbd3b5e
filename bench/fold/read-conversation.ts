// Reads one conversation in a process of its own and prints what that took: read-conversation.ts <connection string> <path>.
import { registerHooks } from 'node:module';
import { createServices } from '../../src/shared/services.ts';
import { readSettings } from '../../src/shared/settings.ts';

/** Every module of a language package that is loaded from here on. */
const languageParts: string[] = [];
registerHooks({
  load(url, context, next) {
    if (/node_modules\/(wink-|eld\/)/.test(url)) languageParts.push(url);
    return next(url, context);
  },
});

async function read([connectionString, path = '']: readonly string[]): Promise<void> {
  const { transcripts } = createServices(readSettings({ AzureWebJobsStorage: connectionString }));
  const residentBefore = process.memoryUsage().rss;
  const started = performance.now();
  const transcript = await transcripts.read(path);
  const milliseconds = performance.now() - started;
  const result = {
    milliseconds,
    messages: transcript?.conversation.messages.length ?? 0,
    segments: transcript?.segments ?? 0,
    bytes: transcript?.length ?? 0,
    residentBefore,
    // In kilobytes on every system: https://nodejs.org/api/process.html#processresourceusage
    residentPeak: process.resourceUsage().maxRSS * 1024,
    languageParts: languageParts.length,
  };
  console.log(JSON.stringify(result));
}

read(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
