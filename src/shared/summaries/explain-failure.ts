import { isErrorCode, ParleyError } from '../errors.ts';

const again = 'The next night tries again.';

/** What to do, by the code of the error. */
const advice: Partial<Record<string, string>> = {
  model_refused: `The model will not write about this conversation. ${again} Another deployment may.`,
  model_filtered: `The content filter of the model's endpoint blocked this conversation. ${again} The filter of the deployment can be changed.`,
  model_cut_short: `The model's answer ended before it was whole. ${again} A higher MODEL_OUTPUT_TOKENS helps.`,
  model_answer_invalid: `The model's answers were not of the form that was asked for. ${again} Use a model with structured output.`,
  model_input_too_large: `The model takes less at once than MODEL_CONTEXT_TOKENS says. ${again} Set it to what the model has.`,
  model_unavailable: `${again} Where this stays: does the endpoint run, and is its quota high enough?`,
  model_not_usable: again,
};

/** Their own words say which setting is wrong or what the endpoint did, and hold nothing of a conversation. */
const speaking: ReadonlySet<string> = new Set(['model_unavailable', 'model_not_usable']);

/** Code and reason of what a model did with a conversation, without text of the conversation. */
export function explainFailure(error: unknown): { code: string; reason: string } {
  const name = error instanceof Error ? error.name : 'Error';
  const code = codeOf(error);
  const told = error instanceof ParleyError && speaking.has(code) ? `${error.message} ` : '';
  const unknown = `The model failed on this conversation (${name}); the next night tries again.`;
  return { code, reason: `${told}${advice[code] ?? unknown}` };
}

/** Codes of our own, and those of the system such as `ECONNRESET`; a code may be anything else, too. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return 'summary_failed';
  return isErrorCode(error.code) || /^[A-Z][A-Z_]{2,40}$/.test(error.code) ? error.code : 'summary_failed';
}
