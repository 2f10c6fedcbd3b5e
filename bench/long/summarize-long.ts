// Summarizes one long conversation in a process of its own and prints what it took: see long.ts.
import { createAllowance } from '../../src/shared/models/language/allowance.ts';
import { longConversation } from '../summarizing/conversation.ts';
import { openWrittenModel } from '../summarizing/open-written-model.ts';

const conversation = longConversation(Number(process.argv[2]));
const kibibytesPerMegabyte = 1_024;
const residentBefore = process.resourceUsage().maxRSS / kibibytesPerMegabyte;
const started = performance.now();
const [result] = await openWrittenModel(process.env).summarize([{ conversation }], {
  allowance: createAllowance(Infinity),
});
if (!result || 'error' in result) throw result?.error ?? new Error('Nothing was summarized.');
console.log(
  JSON.stringify({
    seconds: (performance.now() - started) / 1_000,
    residentBefore,
    resident: process.resourceUsage().maxRSS / kibibytesPerMegabyte,
    sentences: result.content.summary.length,
    stateBytes: JSON.stringify(result.state).length,
  }),
);
