import {
  BlobServiceClient,
  newPipeline,
  type RequestPolicyFactory,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { type Container, openContainer } from '../../src/shared/storage/container.ts';

export interface Reaper {
  /** Resolves when everything stops. */
  death: Promise<'dead'>;
  hasStruck(): boolean;
  requests(): number;
}

interface Options {
  /** The number of the request before or after which it is killed; without one, never. */
  at?: number;
  when?: 'before' | 'after';
  /** Each request waits for it first. */
  pass?: () => Promise<void>;
}

/**
 * A storage account as a process sees it that is killed: from then on no request of it is sent, and none is answered.
 */
export function openMortalStorage(
  connectionString: string,
  { at = Number.POSITIVE_INFINITY, when = 'before', pass = async () => {} }: Options,
): { open: (name: string) => Container; reaper: Reaper } {
  const { promise: death, resolve: die } = Promise.withResolvers<'dead'>();
  const never = new Promise<never>(() => {});
  let requests = 0;
  const mortal: RequestPolicyFactory = {
    create: (next) => ({
      async sendRequest(request) {
        await pass();
        requests += 1;
        if (requests > at || (requests === at && when === 'before')) {
          die('dead');
          return never;
        }
        const isLast = requests === at;
        const response = await next.sendRequest(request);
        if (!isLast) return response;
        die('dead');
        return never;
      },
    }),
  };
  const setting = (name: string) => new RegExp(`${name}=([^;]+)`).exec(connectionString)?.[1] ?? '';
  const credential = new StorageSharedKeyCredential(setting('AccountName'), setting('AccountKey'));
  const pipeline = newPipeline(credential, { retryOptions: { maxTries: 1 } });
  pipeline.factories.unshift(mortal);
  const service = new BlobServiceClient(setting('BlobEndpoint'), pipeline);
  return {
    open: (name) => openContainer(service, name),
    reaper: { death, hasStruck: () => requests >= at, requests: () => requests },
  };
}
