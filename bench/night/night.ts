import { parseArgs } from 'node:util';
import { buildIfStale } from '../../local/build-if-stale.ts';
import { appFolder } from '../../local/stack.ts';
import { timed } from '../measure/stopwatch.ts';
import { postConversations } from '../setup/post-conversations.ts';
import { measureNight } from './measure-night.ts';
import { printNight } from './print-night.ts';
import { withScene } from './with-scene.ts';

/** In each conversation. */
const messages = 20;
/** Every twentieth conversation goes on before the second night: 5 %. */
const changedEvery = 20;

/** A first night over conversations that none has seen, then one after a few of them changed, all through the front door. */
export async function benchmarkNight(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { conversations: { type: 'string', default: '10000' } } });
  const conversations = [...Array(Number(values.conversations)).keys()];
  await buildIfStale(appFolder, console.log);
  await withScene(async (scene) => {
    const seed = () => postConversations(scene.parley.url, conversations, { to: messages });
    const [, milliseconds] = await timed(seed);
    console.log(
      `  ${conversations.length * messages} messages written in ${(milliseconds / 1_000).toFixed(1)} s`,
    );

    const first = await measureNight(scene, '2026-11-23');
    expectDone(first.done, conversations.length);
    printNight('first night', first);

    const changed = conversations.filter((conversation) => conversation % changedEvery === 0);
    await postConversations(scene.parley.url, changed, { from: messages, to: messages + 1 });
    const second = await measureNight(scene, '2026-11-24');
    expectDone(second.done, changed.length);
    printNight(`second night, ${changed.length} of ${conversations.length} conversations changed`, second);
    console.log(
      `\n  second night of the first: ${((100 * second.seconds) / first.seconds).toFixed(1)} % of the time`,
    );
  });
}

function expectDone(done: number, expected: number): void {
  if (done !== expected) throw new Error(`${done} conversations were summarized instead of ${expected}.`);
}
