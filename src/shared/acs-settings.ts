import * as z from 'zod';

/** The communication resource, by connection string or by managed identity. */
export type AcsResource =
  | { connectionString: string }
  | { endpoint: string; managedIdentityClientId?: string };

/** What the channels of Azure Communication Services need; all of it is optional, and what is missing is missing alone. */
export interface AcsSettings {
  resource?: AcsResource;
  /** Address of the ACS emulator: then requests for the resource go there. */
  emulatorUrl?: string;
  chat: {
    /** Id of the user that writes for us, `8:acs:…`. */
    serviceUser?: string;
    /** Adds that user to a thread in which it does not take part yet, instead of refusing to write. */
    addServiceUser: boolean;
  };
  sms: {
    /** Our number in E.164, where a request names none. */
    from?: string;
    optOutWords: string[];
    optInWords: string[];
    /** Sent once to whoever opts out; nothing is, where it is not set. */
    optOutReply?: string;
  };
  /** The channel registration to send from, where a request names none. */
  whatsapp: { channel?: string };
  email: {
    /** Sender address, where a request names none. */
    from?: string;
    /** The header in which the mail gateway says whether it vouches for the sender, in small letters. */
    trustedAuthHeader?: string;
  };
  /** An attachment above this many bytes is not kept. */
  mediaBytes: number;
}

type Read = <T>(name: string, schema: z.ZodType<T>, fallback: unknown) => T | undefined;

const text = z.string().optional();
const connectionString = z
  .string()
  .regex(
    /^endpoint=https?:\/\/[^;]+;accesskey=.+$/i,
    'must be endpoint=https://…;accesskey=…, as the portal shows it',
  )
  .optional();
const address = z.url({
  protocol: /^https?$/,
  error: 'must be an address such as https://name.communication.azure.com',
});
const emulatorAddress = z
  .url({
    protocol: /^http$/,
    error: 'must be the address that the emulator prints, such as http://127.0.0.1:7080',
  })
  .optional();
const user = z
  .string()
  .regex(/^8:acs:[^\s]+$/, 'must be the id of a communication user, 8:acs:…')
  .optional();
const number = z
  .string()
  .regex(/^\+?\d{3,15}$/, 'must be a number in E.164 such as +15551230001, or a short code')
  .optional();
const guid = z.guid('must be the channel registration id, a GUID').optional();
const mail = z.email('must be a mail address').optional();
const headerName = z
  .string()
  .regex(/^[A-Za-z0-9-]+$/, 'must be the name of a header, such as Authentication-Results')
  .transform((name) => name.toLowerCase())
  .optional();
const flag = z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true');
const words = z.string().transform((list) =>
  list
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean),
);
const bytes = z.coerce
  .number('must be a number of bytes')
  .int('must be a whole number of bytes')
  .min(1024, 'must be at least 1024')
  .max(1024 ** 3, 'must be at most 1073741824 (1 GiB)');

/** Reads `ACS_*` and the settings of each channel; problems are reported through `read`, which then gives nothing. */
export function readAcsSettings(environment: Record<string, string | undefined>, read: Read): AcsSettings {
  return {
    resource: readResource(environment, read),
    emulatorUrl: read('ACS_EMULATOR_URL', emulatorAddress, undefined),
    chat: {
      serviceUser: read('CHAT_SERVICE_USER', user, undefined),
      addServiceUser: read('CHAT_ADD_SERVICE_USER', flag, 'false') ?? false,
    },
    sms: {
      from: read('SMS_FROM', number, undefined),
      optOutWords: read('SMS_OPT_OUT_WORDS', words, 'STOP,STOPALL,UNSUBSCRIBE,CANCEL,END,QUIT') ?? [],
      optInWords: read('SMS_OPT_IN_WORDS', words, 'START,UNSTOP') ?? [],
      optOutReply: read('SMS_OPT_OUT_REPLY', text, undefined),
    },
    whatsapp: { channel: read('WHATSAPP_CHANNEL', guid, undefined) },
    email: {
      from: read('EMAIL_FROM', mail, undefined),
      trustedAuthHeader: read('EMAIL_TRUSTED_AUTH_HEADER', headerName, undefined),
    },
    mediaBytes: read('MEDIA_MAX_BYTES', bytes, 64 * 1024 ** 2) ?? 0,
  };
}

function readResource(environment: Record<string, string | undefined>, read: Read): AcsResource | undefined {
  const given = read('ACS_CONNECTION_STRING', connectionString, undefined);
  if (given) return { connectionString: given };
  if (!environment.ACS_ENDPOINT?.trim()) return undefined;
  const endpoint = read('ACS_ENDPOINT', address, undefined);
  const clientId = environment.ACS_CLIENT_ID?.trim();
  return endpoint ? { endpoint, ...(clientId ? { managedIdentityClientId: clientId } : {}) } : undefined;
}
