/** Why a request has no answer that could be read. */
export interface Failure {
  kind:
    | 'answered' /** with an error status */
    | 'timed out' /** after it was sent */
    | 'broken off' /** in the middle, or the body is no whole JSON */
    | 'unreachable' /** nothing was sent */
    | 'wrong address' /** nobody is there, or something else than a language model */
    | 'not identified' /** there is no token of the managed identity */;
  status?: number;
  /** The endpoint's word for it, or that of the connection. */
  code?: string;
  /** The parameter that it is about. */
  param?: string;
  /** The endpoint's whole error. It may quote what it was sent: for reading by code, never shown or logged. */
  text: string;
  headers?: Headers;
}

const isFilter = /content_filter|ResponsibleAIPolicyViolation|content_policy/i;
const isLength =
  /context_length|context length|context window|context size|exceed_context|maximum context|too many (input )?tokens|prompt is too long/i;

/** Whether the input is why the request was refused: what it says, for a filter, or how long it is. */
export function blameOnInput({ status, code, text }: Failure): 'filter' | 'length' | undefined {
  if (status === 413) return 'length';
  if (status !== 400 && status !== 422) return undefined;
  const all = `${code} ${text}`;
  return isFilter.test(all) ? 'filter' : isLength.test(all) ? 'length' : undefined;
}

/** What may be told of a failure: no text of people, and nothing that only the endpoint wrote except a code and an id. */
export function describeFailure({ kind, status, code, headers }: Failure): string {
  const word = code && /^[\w.-]{1,60}$/.test(code) ? code : undefined;
  const id = headers?.get('apim-request-id') ?? headers?.get('x-request-id') ?? '';
  return [
    status === undefined ? kind : `HTTP ${status}`,
    word,
    /^[\w-]{8,64}$/.test(id) ? `request ${id}` : undefined,
  ]
    .filter(Boolean)
    .join(', ');
}
