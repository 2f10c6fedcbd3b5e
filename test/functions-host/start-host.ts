import type { TestContext } from 'node:test';
import {
  type FunctionsHost,
  type FunctionsHostOptions,
  startFunctionsHost,
} from '../../local/functions-host/host.ts';

/** A host in this process, on a free port, with what it logged. */
export interface TestHost extends FunctionsHost {
  url: string;
  lines: string[];
}

/** Starts a host that stops with the test. */
export async function startHost(
  context: TestContext,
  options: Omit<FunctionsHostOptions, 'port' | 'storage' | 'log'> & { storage?: string },
): Promise<TestHost> {
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  const host = await startFunctionsHost({ port: 0, storage: 'UseDevelopmentStorage=true', ...options, log });
  context.after(() => host.stop());
  return { ...host, url: `http://127.0.0.1:${host.port}`, lines };
}

/** Waits until a look at the world satisfies; the test's own time limit ends it otherwise. */
export async function until<Seen>(
  look: () => Seen | Promise<Seen>,
  satisfies: (seen: Seen) => boolean,
): Promise<Seen> {
  for (;;) {
    const seen = await look();
    if (satisfies(seen)) return seen;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
