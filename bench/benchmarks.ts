/** A benchmark prints its table itself and throws only when it could not be run or its sides disagree. */
export interface Benchmark {
  about: string;
  /** Run by hand: it takes minutes. */
  isLong?: boolean;
  /** Loaded when it runs: a benchmark must not carry what others need. */
  run(args: string[]): Promise<void>;
}

export const benchmarks: Readonly<Record<string, Benchmark>> = {
  read: {
    about: 'read 1,000 messages in 50 conversations, against one blob per message',
    run: async () => (await import('./read/read.ts')).benchmarkRead(),
  },
  ingest: {
    about: 'store batches of 100 events with 20 % duplicates, against one conditional write per message',
    run: async () => (await import('./ingest/ingest.ts')).benchmarkIngest(),
  },
  people: {
    about: 'find the conversations of one person among 1,000, against reading all transcripts',
    run: async () => (await import('./people/people.ts')).benchmarkPeople(),
  },
  transfer: {
    about:
      'import a thread of 2,000 messages, against one append per message; export and import 200 conversations',
    run: async () => (await import('./transfer/transfer.ts')).benchmarkTransfer(),
  },
  analysis: {
    about: 'analyse 5,000 messages that come in bursts over 50 conversations, a fifth of them twice',
    run: async () => (await import('./analysis/analysis.ts')).benchmarkAnalysis(),
  },
  retention: {
    about: 'sweep 1,000 conversations of which 50 have something to go, against reading all',
    run: async () => (await import('./retention/retention.ts')).benchmarkRetention(),
  },
  calls: {
    about: 'calls of a model for one conversation of 5,000 messages, against the chains of LangChain.js',
    run: async () => (await import('./calls/calls.ts')).benchmarkCalls(),
  },
  limiter: {
    about: 'eight calls at once while the endpoint refuses some, against LangChain.js (--rounds)',
    isLong: true,
    run: async (args) => (await import('./limiter/limiter.ts')).benchmarkLimiter(args),
  },
  'second-night': {
    about: 'calls and tokens of a night in which 20 of 400 conversations changed, against all again',
    run: async () => (await import('./second-night/second-night.ts')).benchmarkSecondNight(),
  },
  load: {
    about: 'load the bundled app, against the same app unbundled',
    run: async () => (await import('./load/load.ts')).benchmarkLoad(),
  },
  fold: {
    about: 'read and fold a conversation of 100,000 messages (--messages): time and memory',
    run: async (args) => (await import('./fold/fold.ts')).benchmarkFold(args),
  },
  start: {
    about: 'npm start until ready, on an empty folder and on one with data',
    run: async () => (await import('./start/start.ts')).benchmarkStart(),
  },
  erase: {
    about: 'erase one person among 1,000 conversations (--conversations) of 20 messages',
    isLong: true,
    run: async (args) => (await import('./erase/erase.ts')).benchmarkErase(args),
  },
  night: {
    about: 'a night of 10,000 conversations (--conversations) and one after 5 % of them changed',
    isLong: true,
    run: async (args) => (await import('./night/night.ts')).benchmarkNight(args),
  },
  long: {
    about: 'one conversation of 100,000 messages (--messages) by a model: calls, tokens, time and memory',
    isLong: true,
    run: async (args) => (await import('./long/long.ts')).benchmarkLong(args),
  },
  'model-night': {
    about:
      'a night of 1,000 conversations (--conversations) by a model with a limit (--requests-per-second), and the next one',
    isLong: true,
    run: async (args) => (await import('./model-night/model-night.ts')).benchmarkModelNight(args),
  },
};
