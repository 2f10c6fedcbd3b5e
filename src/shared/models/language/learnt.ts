import type { ModelEndpoint } from '../../model-settings.ts';
import { blameOnInput, type Failure } from './failure.ts';

/** What is known of the requests that a deployment takes. */
export interface Learnt {
  /** The name of the limit, and the other one where it was not tried. */
  limits: readonly ['max_completion_tokens' | 'max_tokens', ...('max_completion_tokens' | 'max_tokens')[]];
  format: 'json_schema' | 'json_object' | 'text';
  temperature: boolean;
  reasoningEffort: boolean;
  systemRole: boolean;
  /** Whether the instructions must tell the form of the answer: the endpoint does not enforce it. */
  tellsForm: boolean;
}

/**
 * Azure OpenAI has the newer name of the limit, which models that reason insist on. Others know the older one; some of them
 * (Ollama) overlook the newer one, and would write without a limit.
 */
export function atFirst({ kind }: ModelEndpoint): Learnt {
  return {
    limits:
      kind === 'azure' ? ['max_completion_tokens', 'max_tokens'] : ['max_tokens', 'max_completion_tokens'],
    format: 'json_schema',
    temperature: true,
    reasoningEffort: true,
    systemRole: true,
    tellsForm: false,
  };
}

/** In the words of OpenAI, of chat templates (Gemma), and of vLLM. */
const refusesSystemRole =
  /not support ['"\\]*system|system (role|message)s?[^.]{0,20}not (supported|allowed)|roles must alternate/;

/**
 * What a refused request teaches; undefined where it is refused for something else. Each lesson gives something up for good,
 * so that there are few of them.
 */
export function learn(learnt: Learnt, failure: Failure): Learnt | undefined {
  if ((failure.status !== 400 && failure.status !== 422) || blameOnInput(failure)) return undefined;
  const text = failure.text.toLowerCase();
  const subject = failure.param?.toLowerCase() || text;
  const isAbout = (word: RegExp) => word.test(subject);
  if (isAbout(/reasoning_effort/) && learnt.reasoningEffort) return { ...learnt, reasoningEffort: false };
  if (isAbout(/temperature/) && learnt.temperature) return { ...learnt, temperature: false };
  if (isAbout(/response_format|json_schema|json_object|structured output|guided|grammar|strict/)) {
    const format = learnt.format === 'json_schema' ? 'json_object' : 'text';
    return learnt.format === 'text' ? undefined : { ...learnt, format, tellsForm: true };
  }
  if (isAbout(/max_(completion_)?tokens/) && !isTooLarge(text)) {
    const [, other] = learnt.limits;
    return other && { ...learnt, limits: [other] };
  }
  if (learnt.systemRole && refusesSystemRole.test(text)) return { ...learnt, systemRole: false };
  return undefined;
}

/** The limit is known, but so much is not to be had. */
export function isTooLarge(text: string): boolean {
  return /too (large|high|big)|at most|less than|greater than|exceed|maximum value/i.test(text);
}
