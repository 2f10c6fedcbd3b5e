import { after, before } from 'node:test';
import { type AcsEmulator, type EmulatorOptions, startAcsEmulator } from '../../local/acs/start-emulator.ts';
import { type AcsClients, openAcsClients } from '../../src/shared/acs/clients.ts';
import { readSettings } from '../../src/shared/settings.ts';

/** Starts an ACS emulator that remembers nothing for the tests of a file and stops it after them. */
export function useAcs(options: Partial<EmulatorOptions> = {}) {
  let emulator: AcsEmulator | undefined;
  before(async () => {
    emulator = await startAcsEmulator({ port: 0, dataFile: ':memory:', ...options });
  });
  after(async () => {
    await emulator?.stop();
  });
  const running = (): AcsEmulator => {
    if (!emulator) throw new Error('The emulator is there once the tests run');
    return emulator;
  };
  return {
    emulator: running,
    /** Our own clients of the genuine SDKs, which do not try again by themselves. */
    clients: (): AcsClients => clientsOf(running()),
  };
}

/** Clients of the genuine SDKs that talk to an emulator. */
export function clientsOf({ url, connectionString }: AcsEmulator, { maxRetries = 0 } = {}): AcsClients {
  const { acs } = readSettings({ ACS_CONNECTION_STRING: connectionString, ACS_EMULATOR_URL: url });
  return openAcsClients(acs, { maxRetries });
}
