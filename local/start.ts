// npm start: Parley on this machine, until Ctrl-C.
import { join } from 'node:path';
import { readAcsOptions } from './acs-cli/read-options.ts';
import { ExplainedError } from './explained-error.ts';
import { applyLocalSettings } from './functions-host/read-settings.ts';
import { runUntilEnded } from './run-until-ended.ts';
import { appFolder, startStack } from './stack.ts';

const log = (line: string) => console.log(line);

await runUntilEnded(async ({ fail }) => {
  // The storage to use may stand in local.settings.json.
  applyLocalSettings(appFolder);
  const { PORT, PARLEY_DATA, AzureWebJobsStorage } = process.env;
  const stack = await startStack({
    port: readPort(PORT),
    acs: hasOwnResource() ? undefined : readAcsOptions(process.env),
    dataFolder: PARLEY_DATA || join(appFolder, '.local'),
    storage: ownStorage(AzureWebJobsStorage),
    log,
    onFailure: fail,
  });
  log(`Storage: ${describeStorage(stack.connectionString)}`);
  // Azurite's key is the same everywhere; that of an account is nobody's business here.
  if (stack.azuritePid) log(`Connection string: ${stack.connectionString}`);
  if (stack.acsUrl)
    log(`ACS emulator: ${stack.acsUrl} ("npm run acs -- help" says how to write to Parley as a person)`);
  log(`Parley is running at ${stack.url}`);
  return stack;
});

function readPort(text = '7071'): number {
  const port = Number(text);
  if (text.trim() !== '' && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new ExplainedError(
    `PORT is "${text}", which is no port.\nGive a number from 0 to 65535 (0 takes any free one): PORT=7072 npm start`,
  );
}

/** A resource of one's own is used instead of the emulator. */
function hasOwnResource(): boolean {
  const { ACS_CONNECTION_STRING, ACS_ENDPOINT, ACS_EMULATOR_URL } = process.env;
  return [ACS_CONNECTION_STRING, ACS_ENDPOINT, ACS_EMULATOR_URL].some((setting) => setting?.trim());
}

/** Where the data goes, for tools that look into it, and as a warning where that is an account on Azure. */
function describeStorage(connectionString: string): string {
  const [, name, endpoint] = /AccountName=([^;]+).*?(?:BlobEndpoint=([^;]+)|$)/i.exec(connectionString) ?? [];
  return endpoint ?? `account ${name ?? 'of AzureWebJobsStorage'}`;
}

/** Undefined where Azurite is meant: nothing set, or Azure's short name for it. */
function ownStorage(setting: string | undefined): string | undefined {
  return setting === '' || setting === 'UseDevelopmentStorage=true' ? undefined : setting;
}
