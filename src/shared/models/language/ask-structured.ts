import { ParleyError } from '../../errors.ts';
import { addUsage, type Usage } from './allowance.ts';
import type { Call } from './language-model.ts';
import { type Completion, readCompletion } from './read-completion.ts';
import type { Rejected } from './write-request.ts';

export interface AskOptions {
  /** Makes the request; with an answer that was rejected, one in which the model sees it and what is wrong. */
  send(rejected?: Rejected): Promise<{ completion: Completion; usage: Usage }>;
  /** The model does not know the form of the answer: the endpoint did not tell it. */
  noteUntold(): void;
}

/** Asks for an answer in the form of the call. One that has another form is sent back once, with what is wrong. */
export async function askStructured<Value>(
  call: Call<Value>,
  { send, noteUntold }: AskOptions,
): Promise<{ value: Value; usage: Usage }> {
  const first = await send();
  const reading = readCompletion(first.completion, call);
  if ('value' in reading) return { value: reading.value, usage: first.usage };
  if (!reading.isJson) noteUntold();
  const second = await send(reading.rejected).catch((error: unknown) => {
    if (
      error instanceof ParleyError &&
      (error.code === 'budget_spent' || error.code === 'model_input_too_large')
    )
      throw invalid('There is no room to have it mended.', error);
    throw error;
  });
  const mended = readCompletion(second.completion, call);
  if ('value' in mended) return { value: mended.value, usage: addUsage(first.usage, second.usage) };
  throw invalid('It was told so, and did it again.');
}

function invalid(note: string, cause?: ParleyError): ParleyError {
  return new ParleyError(
    'model_answer_invalid',
    `The model's answer has not the form that was asked for. ${note} Another model may do better.`,
    { cause },
  );
}
