import { type HostResponse, json } from '../exchange.ts';
import { stackOf } from './replay.ts';

/** An answer that tells of an exception in the words of Azure's host. */
export function problem(
  status: number,
  Message: string,
  ExceptionMessage: string,
  ExceptionType: string,
): HostResponse {
  const StackTrace = stackOf(new Error(ExceptionMessage));
  return json(status, { Message, ExceptionMessage, ExceptionType, StackTrace });
}

/** The answer to a start of an id whose orchestration has not ended. */
export function conflict(status: string): HostResponse {
  return json(409, { Message: `An Orchestration instance with the status ${status} already exists.` });
}

/** The body as compact JSON text, or the answer that refuses it. */
export function readJsonBody(body: string): string | HostResponse {
  if (body === '') return invalidJson("Error reading JToken from JsonReader. Path '', line 0, position 0.");
  try {
    return JSON.stringify(JSON.parse(body));
  } catch (error) {
    return invalidJson(error instanceof Error ? error.message : String(error));
  }
}

function invalidJson(message: string): HostResponse {
  return problem(400, 'Invalid JSON content', message, 'Newtonsoft.Json.JsonReaderException');
}
