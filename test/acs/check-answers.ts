import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { emulatorHttpClient } from '../../src/shared/acs/emulator-http-client.ts';

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

/** An http client for the SDKs that keeps what the emulator answered, as it came over the wire. */
export function recordAnswers(emulatorUrl: string): { httpClient: HttpClient; answers: Answer[] } {
  const inner = emulatorHttpClient(emulatorUrl);
  const answers: Answer[] = [];
  return {
    answers,
    httpClient: {
      async sendRequest(request) {
        const response = await inner.sendRequest(request);
        const { status, headers, bodyAsText } = response;
        const body: unknown = bodyAsText ? JSON.parse(bodyAsText) : undefined;
        answers.push({ status, headers: headers.toJSON(), body });
        return response;
      },
    },
  };
}

/**
 * Checks bodies against the definitions of a REST description, undefined where that is not on this machine.
 * `closed` names definitions that may have no field beyond those described.
 */
export function openDescription(file: string, closed: string[]) {
  const path = join('..', 'shared', 'specs', file);
  if (!existsSync(path)) return undefined;
  // Definitions of other files are not here: whatever refers to them takes anything.
  const description: { definitions: Record<string, object> } = JSON.parse(
    readFileSync(path, 'utf8'),
    (_, value) => (typeof value?.$ref === 'string' && !value.$ref.startsWith('#') ? {} : value),
  );
  for (const name of closed)
    Object.assign(description.definitions[name] ?? {}, { additionalProperties: false });
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(description, 'description');
  return function check(definition: string, body: unknown): void {
    const validate = ajv.getSchema(`description#/definitions/${definition}`);
    assert.ok(validate, `${file} has no definition ${definition}`);
    validate(body);
    assert.deepEqual(validate.errors ?? [], [], `${definition}: ${JSON.stringify(body)}`);
  };
}
