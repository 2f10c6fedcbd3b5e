import type { LanguageModel } from '../language-model.ts';
import { callId } from './call-id.ts';

/** The same model, but calls that a batch has answered are not made. `answers` are completions by `callId`. */
export function answerFromBatch(model: LanguageModel, answers: ReadonlyMap<string, unknown>): LanguageModel {
  return {
    ...model,
    call(call, options) {
      const completion = call.mayWait ? answers.get(callId(call)) : undefined;
      return model.call(call, completion === undefined ? options : { ...options, answered: { completion } });
    },
  };
}
