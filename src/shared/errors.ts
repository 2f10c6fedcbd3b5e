/** What went wrong, in the words an answer carries. One row each: the HTTP status, and whether trying again can help. */
const kinds = {
  bad_request: { status: 400, retryable: false },
  /** Nobody that Parley knows asks. */
  not_authenticated: { status: 401, retryable: false },
  /** Only operators may. */
  not_allowed: { status: 403, retryable: false },
  /** The person asked not to be written to. */
  opted_out: { status: 403, retryable: false },
  not_found: { status: 404, retryable: false },
  not_acceptable: { status: 406, retryable: false },
  /** The same request is being carried out. */
  in_progress: { status: 409, retryable: true },
  /** A legal hold forbids it. */
  on_hold: { status: 409, retryable: false },
  /** The identity is linked to another person. */
  identity_taken: { status: 409, retryable: false },
  whatsapp_window_closed: { status: 409, retryable: false },
  /** Our service user takes no part in the thread. */
  not_a_participant: { status: 409, retryable: false },
  length_required: { status: 411, retryable: false },
  too_large: { status: 413, retryable: false },
  unsupported_media_type: { status: 415, retryable: false },
  /** The idempotency key was used for another request. */
  key_reused: { status: 422, retryable: false },
  /** A language model will not answer this input: it said no, a filter did, or its answer cannot be used. */
  model_refused: { status: 422, retryable: false },
  model_filtered: { status: 422, retryable: false },
  model_cut_short: { status: 422, retryable: false },
  model_answer_invalid: { status: 422, retryable: false },
  model_input_too_large: { status: 422, retryable: false },
  /** The provider will not carry it out, today or tomorrow. */
  provider_refused: { status: 422, retryable: false },
  /** The tokens that may be spent on it are spent. */
  budget_spent: { status: 429, retryable: false },
  /** Somebody asked too often. */
  too_many_requests: { status: 429, retryable: true },
  internal: { status: 500, retryable: false },
  /** A setting is missing that this needs. */
  not_configured: { status: 501, retryable: false },
  /** The model's endpoint refuses key, deployment or address. */
  model_not_usable: { status: 502, retryable: false },
  model_unavailable: { status: 503, retryable: true },
  provider_unavailable: { status: 503, retryable: true },
  storage_unavailable: { status: 503, retryable: true },
} as const;

export type ErrorCode = keyof typeof kinds;

/** An error that knows its answer: `message` tells a person what is wrong and what to do, without text of conversations. */
export class ParleyError extends Error {
  override readonly name = 'ParleyError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly retryable: boolean;
  /** More that the answer tells, beside code and message; never logged. */
  readonly details: Record<string, unknown>;
  /** When trying again can help, in seconds, where somebody said so. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    { cause, details, retryAfterSeconds }: ParleyErrorOptions = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.status = kinds[code].status;
    this.retryable = kinds[code].retryable;
    this.details = details ?? {};
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

interface ParleyErrorOptions {
  cause?: unknown;
  details?: Record<string, unknown>;
  retryAfterSeconds?: number;
}

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(kinds, text);
}
