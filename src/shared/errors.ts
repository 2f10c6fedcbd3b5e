/** What went wrong, in the words an answer carries. One row each: the HTTP status, and whether trying again can help. */
const kinds = {
  bad_request: { status: 400, retryable: false },
  not_found: { status: 404, retryable: false },
  not_acceptable: { status: 406, retryable: false },
  length_required: { status: 411, retryable: false },
  too_large: { status: 413, retryable: false },
  internal: { status: 500, retryable: false },
  storage_unavailable: { status: 503, retryable: true },
} as const;

export type ErrorCode = keyof typeof kinds;

/** An error that knows its answer: `message` tells a person what is wrong and what to do, without text of conversations. */
export class ParleyError extends Error {
  override readonly name = 'ParleyError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.status = kinds[code].status;
    this.retryable = kinds[code].retryable;
  }
}
