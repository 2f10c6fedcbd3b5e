import type { AcsOptions } from './acs-cli/read-options.ts';
import { serveAcs } from './acs-cli/serve-acs.ts';

interface Options extends AcsOptions {
  /** The emulator keeps its state in the folder `acs` below it. */
  dataFolder: string;
  log: (line: string) => void;
}

export interface OwnAcs {
  url: string;
  /** Settings with which the app takes the emulator for its communication resource. */
  environment: Record<string, string>;
  /** Has every event delivered to the app at this address. */
  deliverTo(appUrl: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts an ACS emulator for the app, with a number, a WhatsApp channel, a mail domain and a service user. */
export async function startOwnAcs(options: Options): Promise<OwnAcs> {
  const emulator = await serveAcs({ ...options, command: 'npm start' });
  const { url, connectionString, serviceUser, sms, whatsapp, email, eventGrid, stop } = emulator;
  return {
    url,
    environment: {
      ACS_CONNECTION_STRING: connectionString,
      ACS_EMULATOR_URL: url,
      CHAT_SERVICE_USER: serviceUser,
      CHAT_ADD_SERVICE_USER: 'true',
      SMS_FROM: sms.settings().numbers[0] ?? '',
      WHATSAPP_CHANNEL: whatsapp.settings().channels[0]?.id ?? '',
      EMAIL_FROM: `donotreply@${email.settings().domains[0]}`,
      EMAIL_TRUSTED_AUTH_HEADER: 'Authentication-Results',
    },
    async deliverTo(appUrl) {
      const endpoint = `${appUrl}/api/events`;
      const schema = 'EventGridSchema';
      const batch = { maxEvents: 100, preferredKilobytes: 256 };
      const retry = { maxAttempts: 30, ttlMinutes: 1_440 };
      await eventGrid.subscribe({ name: 'parley', endpoint, schema, batch, retry });
    },
    stop,
  };
}
