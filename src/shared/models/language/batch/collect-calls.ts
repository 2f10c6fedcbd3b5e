import { ParleyError } from '../../../errors.ts';
import type { LanguageModel } from '../language-model.ts';
import { callId } from './call-id.ts';
import type { BatchRequest } from './open-batches.ts';

/** Thrown in place of the answer of a call that was put down for a batch. */
export class WaitsForBatch extends Error {
  override readonly name = 'WaitsForBatch';
  /** Of the call: `callId`. */
  readonly id: string;

  constructor(id: string) {
    super('The call waits for its batch.');
    this.id = id;
  }
}

/** Calls that were put down, by their ids, and the tokens that stay reserved for them. */
export interface Collected {
  readonly requests: ReadonlyMap<string, BatchRequest>;
  readonly held: number;
}

/** The same model, but calls that may wait are put down, and throw `WaitsForBatch`. */
export function collectCalls(model: LanguageModel): { model: LanguageModel; collected: Collected } {
  const requests = new Map<string, BatchRequest>();
  let held = 0;
  const call: LanguageModel['call'] = async (asked, options) => {
    if (!asked.mayWait) return model.call(asked, options);
    const { body, tokens } = await model.writeForBatch(asked);
    const reservation = options.allowance.reserve(tokens);
    if (!reservation) throw new ParleyError('budget_spent', 'The tokens that may be spent are spent.');
    reservation.keep();
    held += tokens;
    const id = callId(asked);
    requests.set(id, { id, body: { ...body } });
    throw new WaitsForBatch(id);
  };
  return {
    model: { ...model, call },
    collected: {
      requests,
      get held() {
        return held;
      },
    },
  };
}
