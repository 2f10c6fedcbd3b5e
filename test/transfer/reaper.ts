import type { RequestPolicyFactory } from '@azure/storage-blob';

/** Stops everything, as when the process is killed, before or after the storage request of that number. */
export function createReaper(at: number, when: 'before' | 'after') {
  let requests = 0;
  const { promise: death, resolve: die } = Promise.withResolvers<'dead'>();
  const never = new Promise<never>(() => {});
  const policy: RequestPolicyFactory = {
    create: (next) => ({
      async sendRequest(request) {
        requests += 1;
        const number = requests;
        if (number > at || (number === at && when === 'before')) {
          die('dead');
          return never;
        }
        const response = await next.sendRequest(request);
        if (number < at) return response;
        die('dead');
        return never;
      },
    }),
  };
  return { death, policy, hasStruck: () => requests >= at };
}

/**
 * Calls `live` with death before and after each of its storage requests in turn, until it ends before death comes. Returns
 * how often it died.
 */
export async function dieEverywhere(
  live: (reaper: ReturnType<typeof createReaper>) => Promise<void>,
  { every = 1 } = {},
): Promise<number> {
  let deaths = 0;
  for (const when of ['before', 'after'] as const) {
    for (let at = 1; ; at += every) {
      const reaper = createReaper(at, when);
      try {
        await live(reaper);
      } catch (error) {
        throw new Error(`dead ${when} request ${at}`, { cause: error });
      }
      if (!reaper.hasStruck()) break;
      deaths += 1;
    }
  }
  return deaths;
}
