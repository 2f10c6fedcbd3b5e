import { parseArgs } from 'node:util';
import { buildIfStale } from '../../local/build-if-stale.ts';
import { appFolder } from '../../local/stack.ts';
import { measureNight, type Scene } from '../night/measure-night.ts';
import { printNight } from '../night/print-night.ts';
import { withScene } from '../night/with-scene.ts';
import { postConversations } from '../setup/post-conversations.ts';
import { type SummarizingEndpoint, startSummarizingEndpoint } from '../summarizing/endpoint.ts';

/** In each conversation. */
const messages = 20;
const changedEvery = 20;
const latencyMilliseconds = 500;

/** Nights summarized by a language model that refuses more than so many requests a second, through the front door. */
export async function benchmarkModelNight(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      conversations: { type: 'string', default: '1000' },
      'requests-per-second': { type: 'string', default: '10' },
    },
  });
  const requestsPerSecond = Number(values['requests-per-second']);
  const conversations = [...Array(Number(values.conversations)).keys()];
  await buildIfStale(appFolder, console.log);
  const limit = { requestsPerSecond, burst: requestsPerSecond };
  const endpoint = await startSummarizingEndpoint({ latencyMilliseconds, limit });
  const runNights = async (scene: Scene): Promise<void> => {
    await postConversations(scene.parley.url, conversations, { to: messages });
    await runNight('first night', scene, '2026-11-23', endpoint);
    const changed = conversations.filter((conversation) => conversation % changedEvery === 0);
    await postConversations(scene.parley.url, changed, { from: messages, to: messages + 3 });
    await runNight(`second night, ${changed.length} changed`, scene, '2026-11-24', endpoint);
  };
  try {
    await withScene(runNights, endpoint.environment);
  } finally {
    await endpoint.close();
  }
}

async function runNight(
  title: string,
  scene: Scene,
  date: string,
  endpoint: SummarizingEndpoint,
): Promise<void> {
  endpoint.take();
  const night = await measureNight(scene, date);
  const { calls, refused, inputTokens, outputTokens } = endpoint.take();
  printNight(title, night);
  console.log(
    `  ${calls} calls, ${refused} requests refused, ${inputTokens} tokens of input, ${outputTokens} of output; none failed`,
  );
}
