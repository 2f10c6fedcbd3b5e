import { ExplainedError } from './explained-error.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** npm passes on the Ctrl-C that the terminal has already sent to this process: within this time, two are one. */
const sameKeyPressMilliseconds = 1_000;
const npmPollMilliseconds = 500;

export interface Ending {
  /** Ends the program as Ctrl-C does. */
  end(): void;
  /** Ends the program as failed. */
  fail(error: Error): void;
}

/**
 * Starts something, and stops it again when a signal or `ending` says so: exit code 0, or 1 after a failure.
 * A second Ctrl-C does not wait any longer.
 */
export async function runUntilEnded(
  start: (ending: Ending) => Promise<{ stop(): Promise<void> }>,
): Promise<never> {
  const { promise: ended, resolve: end, reject: fail } = Promise.withResolvers<void>();
  // A failure while it still starts is looked at when it has started.
  ended.catch(() => {});
  listenForSignals(end);
  endWithNpm(end);

  try {
    const running = await start({ end, fail });
    await ended.finally(() => running.stop());
    process.exit(0);
  } catch (error) {
    console.error(isExplained(error) ? `\n${error.message}` : error);
    process.exit(1);
  }
}

/** The app, bundled apart, explains wrong settings in the same way. */
function isExplained(error: unknown): error is Error {
  return error instanceof ExplainedError || (error instanceof Error && error.name === 'SettingsError');
}

function listenForSignals(end: () => void): void {
  let askedAt: number | undefined;
  for (const signal of signals) {
    process.on(signal, () => {
      if (askedAt !== undefined && performance.now() - askedAt > sameKeyPressMilliseconds) process.exit(130);
      askedAt ??= performance.now();
      end();
    });
  }
}

/** A signal sent to npm alone ends the shell between npm and this process, which does not pass it on. */
function endWithNpm(end: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const shell = process.ppid;
  setInterval(() => process.ppid !== shell && end(), npmPollMilliseconds).unref();
}
