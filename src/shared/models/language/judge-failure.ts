import * as z from 'zod';
import { ParleyError } from '../../errors.ts';
import { parseJson } from '../../json.ts';
import type { ModelEndpoint } from '../../model-settings.ts';
import { blameOnInput, describeFailure, type Failure } from './failure.ts';
import { isTooLarge } from './learnt.ts';
import { filtered } from './read-completion.ts';
import { toldWait } from './told-wait.ts';

/** What to do about a failure, and what may have been paid for it: nothing, the input, or all that was reserved. */
export type Verdict = { paid: 'nothing' | 'input' | 'all' } & (
  | { error: ParleyError }
  /** Worth another try; `told`: after so many milliseconds, as the endpoint asks; `isOverload`: so should everybody. */
  | { told: number | undefined; isOverload: boolean }
);

interface Context {
  endpoint: ModelEndpoint;
  deployment: string;
  now: number;
}

/**
 * Azure bills what was worked on, whatever the status (Azure OpenAI, "manage costs": a filter's 400 and 408 yes, 401 and 429 no),
 * so that what may have been worked on counts as paid.
 */
export function judgeFailure(failure: Failure, context: Context): Verdict {
  const { kind, status = 0 } = failure;
  const told = toldWait(failure.headers, context.now);
  if (kind === 'unreachable') return { told, isOverload: false, paid: 'nothing' };
  if (kind === 'timed out' || kind === 'broken off') return { told, isOverload: false, paid: 'all' };
  if (kind !== 'answered' || isMisconfigured(status))
    return { error: notUsable(failure, context), paid: 'nothing' };
  if (status === 402 || (status === 429 && isQuota.test(`${failure.code} ${failure.text}`)))
    return { error: quotaSpent(failure), paid: 'nothing' };
  if (status === 429) return { told, isOverload: true, paid: 'nothing' };
  if (status === 503 || status === 529) return { told, isOverload: told !== undefined, paid: 'nothing' };
  if (status === 409 || status === 425) return { told, isOverload: false, paid: 'nothing' };
  if (status === 408 || status >= 500) return { told, isOverload: false, paid: 'all' };
  return judgeRefusal(failure, context);
}

const isQuota = /insufficient_quota|billing_hard_limit|billing_not_active|credit balance/i;

function isMisconfigured(status: number): boolean {
  return status < 400 || [401, 403, 404, 405, 407, 410, 421].includes(status);
}

/** The endpoint will not take this request: for its words, its length, or its form. */
function judgeRefusal(failure: Failure, { deployment }: Context): Verdict {
  const cause = toCause(failure);
  const blame = blameOnInput(failure);
  if (blame === 'filter') return { error: filtered(filterResultsOf(failure), cause), paid: 'all' };
  if (blame === 'length') {
    const message = `This is longer than "${deployment}" takes. Set MODEL_CONTEXT_TOKENS to what it does take.`;
    return { error: new ParleyError('model_input_too_large', message, { cause }), paid: 'input' };
  }
  if (/max_(completion_)?tokens/.test(failure.param ?? failure.text) && isTooLarge(failure.text)) {
    const message = `"${deployment}" cannot write answers as long as MODEL_OUTPUT_TOKENS says. Set it lower.`;
    return { error: new ParleyError('model_not_usable', message, { cause }), paid: 'nothing' };
  }
  const message = `The model's endpoint refused this request (${describeFailure(failure)}).`;
  return { error: new ParleyError('model_refused', message, { cause }), paid: 'nothing' };
}

const filterError = z.object({
  innererror: z.object({ content_filter_result: z.record(z.string(), z.unknown()) }),
});

function filterResultsOf({ text }: Failure): Record<string, unknown> | undefined {
  return filterError.safeParse(parseJson(text)).data?.innererror.content_filter_result;
}

function quotaSpent(failure: Failure): ParleyError {
  const message =
    "The quota or the credit of the model's account is used up. Raise it with the provider; until then nothing is answered.";
  return new ParleyError('model_unavailable', message, { cause: toCause(failure) });
}

/** Why trying again was given up. */
export function unavailable(failure: Failure, told: number | undefined, note = ''): ParleyError {
  const reason = {
    answered:
      failure.status === 429
        ? 'limits how much it may be asked, for longer than MODEL_TOTAL_SECONDS'
        : `failed (HTTP ${failure.status})`,
    'timed out': 'did not answer within MODEL_TIMEOUT_SECONDS',
    'broken off': 'broke off its answer',
    unreachable: 'cannot be reached',
    'wrong address': 'is not there',
    'not identified': 'was not asked',
  }[failure.kind];
  return new ParleyError('model_unavailable', `The model's endpoint ${reason}. Try again later.${note}`, {
    cause: toCause(failure),
    ...(told === undefined ? {} : { retryAfterSeconds: Math.ceil(told / 1000) }),
  });
}

function notUsable(failure: Failure, { endpoint, deployment }: Context): ParleyError {
  const isAzure = endpoint.kind === 'azure';
  const address = isAzure ? 'AZURE_OPENAI_ENDPOINT' : 'OPENAI_BASE_URL';
  const key = isAzure ? 'AZURE_OPENAI_API_KEY' : 'OPENAI_API_KEY';
  const name = isAzure ? 'AZURE_OPENAI_DEPLOYMENT' : 'OPENAI_MODEL';
  const isIdentity = endpoint.apiKey === undefined;
  const role = 'the role "Cognitive Services OpenAI User"';
  const message =
    failure.kind === 'not identified'
      ? `There is no managed identity to ask the model with. Give the app one with ${role}, or set ${key}.`
      : failure.kind === 'wrong address'
        ? `At the address in ${address} there is no language model. Check it${isAzure ? '' : '; it usually ends in /v1'}.`
        : failure.status === 401
          ? isIdentity
            ? `The model's endpoint does not know the managed identity. Give it ${role} on the resource.`
            : `The model's endpoint refuses the key in ${key}.`
          : failure.status === 403
            ? `The model's endpoint does not let us in. Check ${isIdentity ? `that the identity has ${role}` : key}, and the network rules of the resource.`
            : failure.status === 404
              ? `There is no "${deployment}" at the model's endpoint. Check ${name}, ${address}${isAzure ? ' and AZURE_OPENAI_API_VERSION' : '; the address usually ends in /v1'}.`
              : `The model's endpoint cannot be used (HTTP ${failure.status}). Check ${address}.`;
  return new ParleyError('model_not_usable', message, { cause: toCause(failure) });
}

function toCause(failure: Failure): Error {
  return new Error(describeFailure(failure));
}
