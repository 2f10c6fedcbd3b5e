import { ParleyError } from '../../errors.ts';
import type { ModelEndpoint, ModelSettings } from '../../model-settings.ts';
import type { Allowance } from './allowance.ts';
import { askStructured } from './ask-structured.ts';
import { usageOf } from './book-usage.ts';
import { connect } from './connect.ts';
import { loadTokenCounter } from './count-tokens.ts';
import type { Deployment } from './deployment.ts';
import { encodingOf } from './encodings.ts';
import type { Call, CountTokens, LanguageModel } from './language-model.ts';
import { atFirst } from './learnt.ts';
import { createPace } from './pace.ts';
import { parseCompletion } from './read-completion.ts';
import { sendPatiently } from './send-patiently.ts';
import { realTiming, type Timing } from './timing.ts';
import { inputTokensOf, type Rejected, writeRequest } from './write-request.ts';

/** The language model that the settings name; undefined where they name none. */
export function openLanguageModel(
  settings: ModelSettings,
  { timing = realTiming }: { timing?: Timing } = {},
): LanguageModel | undefined {
  const { endpoint } = settings;
  return endpoint && openAt(endpoint, settings, timing);
}

function openAt(endpoint: ModelEndpoint, settings: ModelSettings, timing: Timing): LanguageModel {
  const { deployments, window } = settings;
  const send = connect(endpoint, settings);
  const counters = new Map<string, Promise<CountTokens>>();
  const known = new Map<string, Deployment>();
  let calls = 0;

  function countersOf(name: string): Promise<CountTokens> {
    const encoding = settings.encoding ?? encodingOf(name);
    const counter = counters.get(encoding) ?? loadTokenCounter(encoding);
    counters.set(encoding, counter);
    return counter;
  }

  /** Both jobs may have the same one: what was learnt, and the pace, go by its name. */
  function deploymentFor(name: string): Deployment {
    const deployment = known.get(name) ?? {
      name,
      endpoint,
      send,
      pace: createPace({ most: settings.concurrency, now: timing.now }),
      tokenCounter: () => countersOf(name),
      learnt: atFirst(endpoint),
      givenUp: 0,
      overrun: 1,
    };
    known.set(name, deployment);
    return deployment;
  }

  function write<Value>(call: Call<Value>, { name, learnt }: Deployment, rejected?: Rejected) {
    const { temperature, reasoningEffort } = settings;
    return writeRequest(call, { deployment: name, learnt, temperature, reasoningEffort, rejected });
  }

  async function tokensOf<Value>(call: Call<Value>): Promise<number> {
    const deployment = deploymentFor(deployments[call.job]);
    const count = await deployment.tokenCounter();
    return inputTokensOf(write(call, deployment), count) + call.mostOutputTokens;
  }

  /** What the deployment of the job has learnt holds for that of the batch: both are of one model. */
  function writeLine<Value>(call: Call<Value>) {
    return { ...write(call, deploymentFor(deployments[call.job])), model: deployments.batch };
  }

  /** It has been paid already, whatever is left. */
  async function takeAnswer<Value>(call: Call<Value>, given: unknown, allowance: Allowance) {
    const completion = parseCompletion(given);
    if (!completion) return undefined;
    const count = await countersOf(deployments[call.job]);
    const input = inputTokensOf(writeLine(call), count);
    const used = usageOf(completion, { input, mostOutput: call.mostOutputTokens, count });
    const usage = { ...used, batchInputTokens: used.inputTokens, batchOutputTokens: used.outputTokens };
    const reservation = allowance.reserve(0);
    if (!reservation) throw new ParleyError('budget_spent', 'There is no time left for this.');
    reservation.settle(usage);
    return { completion, usage };
  }

  return {
    nameFor: (job) => deployments[job],
    window,
    tokenCounter: (job = 'summary') => countersOf(deployments[job]),
    tokensOf,
    async writeForBatch(call) {
      const tokens = await tokensOf(call);
      if (tokens > window.tokens) throw tooLarge(window.tokens);
      return { body: writeLine(call), tokens };
    },
    async call(call, { allowance, signal, answered }) {
      const deployment = deploymentFor(deployments[call.job]);
      const count = await deployment.tokenCounter();
      const time = { totalMilliseconds: settings.totalSeconds * 1000 };
      calls += 1;
      const order = calls;
      return askStructured(call, {
        noteUntold() {
          if (!deployment.learnt.tellsForm) deployment.learnt = { ...deployment.learnt, tellsForm: true };
        },
        send: async (rejected) => {
          const taken = answered && !rejected && (await takeAnswer(call, answered.completion, allowance));
          if (taken) return taken;
          const writeFitting = () => {
            const body = write(call, deployment, rejected);
            const input = inputTokensOf(body, count);
            if (input + call.mostOutputTokens > window.tokens) throw tooLarge(window.tokens);
            return { body, input };
          };
          const mostOutput = call.mostOutputTokens;
          return sendPatiently({
            deployment,
            write: writeFitting,
            mostOutput,
            count,
            allowance,
            signal,
            timing,
            order,
            time,
          });
        },
      });
    },
  };
}

function tooLarge(tokens: number): ParleyError {
  return new ParleyError(
    'model_input_too_large',
    `This and its answer are longer than the ${tokens} tokens of MODEL_CONTEXT_TOKENS.`,
  );
}
