import { AcsError, type ReceivedRequest } from '../exchange.ts';
import { isThisMachine } from '../http/is-this-machine.ts';

/**
 * Throws `AcsError` 403 for a request that a web page may have made: one with an `Origin`, or for a name that somebody
 * made to stand for this machine (DNS rebinding). There is no other lock on the control API.
 */
export function checkSender({ headers }: Pick<ReceivedRequest, 'headers'>): void {
  if (headers.origin !== undefined) throw refused('It answers no requests of web pages (Origin).');
  if (isThisMachine(headers.host ?? '')) return;
  throw refused('It answers only to localhost and 127.0.0.1 (Host).');
}

function refused(why: string): AcsError {
  return new AcsError(403, 'Forbidden', `This is the emulator's own address. ${why}`);
}
