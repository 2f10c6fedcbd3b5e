import type { ChatClient } from '@azure/communication-chat';
import type { EmailClient } from '@azure/communication-email';
import type { CommunicationIdentityClient } from '@azure/communication-identity';
import type { SmsClient } from '@azure/communication-sms';
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  type HttpClient,
} from '@azure/core-rest-pipeline';
import type { MessagesServiceClient } from '@azure-rest/communication-messages';
import type { AcsResource, AcsSettings } from '../acs-settings.ts';
import { ParleyError } from '../errors.ts';
import { managedIdentity } from '../managed-identity.ts';
import { emulatorHttpClient } from './emulator-http-client.ts';
import { repeatSmsOnce } from './repeat-sms-once.ts';

/**
 * The SDK clients of one communication resource, each loaded and made when it is first asked for. All throw
 * `not_configured` where no resource is set.
 */
export interface AcsClients {
  sms(): Promise<SmsClient>;
  email(): Promise<EmailClient>;
  messages(): Promise<MessagesServiceClient>;
  identity(): Promise<CommunicationIdentityClient>;
  /** Acts as a communication user, `8:acs:…`, with tokens that the resource issues for it. */
  chatAs(user: string): Promise<ChatClient>;
}

interface Options {
  /** How often the SDK itself tries again after 429, 5xx and broken connections: 0 where a repeat could send twice. */
  maxRetries: number;
}

/** Chat clients keep a token each; of many users only the latest are kept. */
const mostChatClients = 200;

export function openAcsClients(settings: AcsSettings, { maxRetries }: Options): AcsClients {
  const httpClient = httpClientOf(settings);
  const options = { httpClient, retryOptions: { maxRetries } };

  const sms = once(async () => {
    const { SmsClient } = await import('@azure/communication-sms');
    const additionalPolicies = [{ policy: repeatSmsOnce, position: 'perCall' as const }];
    const smsOptions = { ...options, additionalPolicies };
    return withResource(
      settings.resource,
      (text) => new SmsClient(text, smsOptions),
      (endpoint, credential) => new SmsClient(endpoint, credential, smsOptions),
    );
  });
  const email = once(async () => {
    const { EmailClient } = await import('@azure/communication-email');
    return withResource(
      settings.resource,
      (text) => new EmailClient(text, options),
      (endpoint, credential) => new EmailClient(endpoint, credential, options),
    );
  });
  const identity = once(async () => {
    const { CommunicationIdentityClient } = await import('@azure/communication-identity');
    return withResource(
      settings.resource,
      (text) => new CommunicationIdentityClient(text, options),
      (endpoint, credential) => new CommunicationIdentityClient(endpoint, credential, options),
    );
  });
  const messages = once(async () => {
    // CommonJS without `exports`: the function is one level deeper for whoever imports it as an ES module.
    const { default: module } = await import('@azure-rest/communication-messages');
    const createClient = 'default' in module ? module.default : module;
    return withResource(
      settings.resource,
      (text) => createClient(text, options),
      (endpoint, credential) => {
        const client = createClient(endpoint, credential, options);
        // Version 2.0.0 adds this policy twice and then refuses its own pipeline.
        client.pipeline.removePolicy({ name: 'bearerTokenAuthenticationPolicy' });
        const scopes = ['https://communication.azure.com/.default'];
        client.pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes }));
        return client;
      },
    );
  });

  const chatClients = new Map<string, Promise<ChatClient>>();
  const openChat = async (user: string): Promise<ChatClient> => {
    const [{ ChatClient }, { AzureCommunicationTokenCredential }] = await Promise.all([
      import('@azure/communication-chat'),
      import('@azure/communication-common'),
    ]);
    const tokens = await identity();
    const tokenRefresher = async () => (await tokens.getToken({ communicationUserId: user }, ['chat'])).token;
    const credential = new AzureCommunicationTokenCredential({ tokenRefresher });
    return new ChatClient(endpointOf(settings.resource), credential, options);
  };

  return {
    sms,
    email,
    messages,
    identity,
    chatAs(user) {
      const known = chatClients.get(user) ?? openChat(user);
      chatClients.delete(user);
      chatClients.set(user, known);
      known.catch(() => chatClients.delete(user));
      for (const oldest of chatClients.keys()) {
        if (chatClients.size <= mostChatClients) break;
        chatClients.delete(oldest);
      }
      return known;
    },
  };
}

/** Reaches the resource, or the emulator in its stead. */
export function httpClientOf({ emulatorUrl }: Pick<AcsSettings, 'emulatorUrl'>): HttpClient {
  return emulatorUrl ? emulatorHttpClient(emulatorUrl) : createDefaultHttpClient();
}

/** Not remembered where it failed. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

function withResource<Client>(
  resource: AcsResource | undefined,
  byConnectionString: (connectionString: string) => Client,
  byIdentity: (endpoint: string, credential: ReturnType<typeof managedIdentity>) => Client,
): Client {
  if (!resource) throw notConfigured();
  return 'connectionString' in resource
    ? byConnectionString(resource.connectionString)
    : byIdentity(resource.endpoint, managedIdentity(resource.managedIdentityClientId));
}

/** The https address of a resource; throws `not_configured` for none. */
export function endpointOf(resource: AcsResource | undefined): string {
  if (!resource) throw notConfigured();
  if ('endpoint' in resource) return resource.endpoint;
  return /endpoint=([^;]+)/i.exec(resource.connectionString)?.[1] ?? '';
}

function notConfigured(): ParleyError {
  return new ParleyError(
    'not_configured',
    'No communication resource is set: set ACS_CONNECTION_STRING, or ACS_ENDPOINT for a managed identity.',
  );
}
