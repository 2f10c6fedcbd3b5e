import type { AcsError, AcsResponse } from '../exchange.ts';

/** An error as ACS answers it: its code stands in a header, too. */
export function errorResponse({ status, code, message, headers, target }: AcsError): AcsResponse {
  return {
    status,
    headers: { 'x-ms-error-code': code, ...headers },
    json: { error: { code, message, ...(target ? { target } : {}) } },
  };
}
