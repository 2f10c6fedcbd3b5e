import type { ClaimFiles, ClaimState, StoredClaim } from './claim-files.ts';

/** That one conversation is analysed by nobody else. It goes on holding by itself until it is ended, or the process is. */
export interface AnalysisClaim {
  /** Of the transcript, when its analysis was last complete: with the same length, nothing has been added. */
  readonly done: number;
  /** False once it is lost: somebody else may be at it. */
  isHeld(): Promise<boolean>;
  /**
   * Ends it, unless another order came meanwhile: then `goOn`. `done` as above; undefined where the conversation is gone:
   * then nothing of the claim stays either.
   */
  finish(done: number | undefined): Promise<'finished' | 'again' | 'lost'>;
  /** To be called before the transcript is read again: orders that came until now are covered by it. False once it is lost. */
  goOn(): Promise<boolean>;
  /** Ends it with work left: whoever comes next may begin at once. */
  abandon(): Promise<void>;
}

interface Options {
  files: ClaimFiles;
  clock: () => Date;
  leaseMilliseconds: number;
}

/** Holds a claim as it was just written. */
export function holdClaim(
  name: string,
  written: StoredClaim,
  { files, clock, leaseMilliseconds }: Options,
): AnalysisClaim {
  const { holder, done = 0 } = written.state ?? {};
  let stored: StoredClaim | undefined = written;
  let isEnded = false;
  let last: Promise<unknown> = Promise.resolve();

  const now = (): string => clock().toISOString();
  const leaseEnd = (): string => new Date(clock().getTime() + leaseMilliseconds).toISOString();
  const end = (): void => {
    isEnded = true;
    clearInterval(heartbeat);
  };
  /** One after the other: a heartbeat that comes in after the end would hold the conversation up for nobody. */
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const next = last.then(work);
    last = next.catch(() => {});
    return next;
  };

  /** Writes what becomes of our claim, whatever others noted in it meanwhile; undefined once it is not ours. */
  async function change(to: (state: ClaimState) => Partial<ClaimState>): Promise<ClaimState | undefined> {
    while (stored?.state && stored.state.holder === holder) {
      const changed = { ...stored.state, ...to(stored.state) };
      const now = await files.write(name, changed, stored);
      stored = now ?? (await files.read(name));
      if (now) return changed;
    }
    end();
    return undefined;
  }
  /** Lapsed or not: nobody has taken it as long as it names us. */
  const renew = async (more: Partial<ClaimState> = {}): Promise<boolean> =>
    (await change(() => ({ until: leaseEnd(), ...more }))) !== undefined;

  async function beat(): Promise<void> {
    if (!isEnded) await renew();
  }
  // One that fails is made up for by the next, or the claim lapses and `isHeld` looks again.
  const heartbeat = setInterval(() => void inTurn(beat).catch(() => {}), leaseMilliseconds / 3);
  heartbeat.unref();

  return {
    done,
    isHeld: () => inTurn(() => renew()),
    finish: (readTo) =>
      inTurn(async () => {
        if (readTo === undefined && stored && !stored.state?.hasMore && (await files.remove(name, stored))) {
          end();
          return 'finished';
        }
        const changed = await change(({ hasMore }) =>
          hasMore ? { until: leaseEnd() } : { until: now(), done: readTo ?? 0 },
        );
        if (changed?.hasMore) return 'again';
        end();
        return changed ? 'finished' : 'lost';
      }),
    goOn: () => inTurn(() => renew({ hasMore: false })),
    abandon: () =>
      inTurn(async () => {
        end();
        await change(() => ({ until: now() }));
      }),
  };
}
