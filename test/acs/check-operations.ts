import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

/** An answer with the request that it belongs to. */
export interface Operation {
  method: string;
  path: string;
  status: number;
  /** Undefined where there is none. */
  body: unknown;
}

/** Keeps what the emulator answers to the SDKs that use the returned client. */
export function recordOperations(inner: HttpClient, operations: Operation[]): HttpClient {
  return {
    async sendRequest(request) {
      const response = await inner.sendRequest(request);
      operations.push({
        method: request.method,
        path: new URL(request.url).pathname,
        status: response.status,
        body: response.bodyAsText ? JSON.parse(response.bodyAsText) : undefined,
      });
      return response;
    },
  };
}

interface Description {
  paths: Record<string, Record<string, { responses?: Record<string, { schema?: object }> }>>;
  definitions: Record<string, Schema>;
}

interface Schema {
  properties?: Record<string, object>;
  additionalProperties?: unknown;
}

const specs = join('..', 'shared', 'specs');
const common = join(specs, 'Common', 'stable', '2023-11-15', 'common.json');

/**
 * Checks answers against the responses of a REST description, undefined where that is not on this machine. Objects may have
 * no field beyond those described and those of `newer`, as `definition.field`.
 */
export function openOperations(file: string, newer: string[]) {
  if (![join(specs, file), common].every((path) => existsSync(path))) return undefined;
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const description = readDescription(join(specs, file), 'description');
  ajv.addSchema(closeObjects(readDescription(common, 'common'), []), 'common');
  ajv.addSchema(closeObjects(description, newer), 'description');

  return function check({ method, path, status, body }: Operation): string {
    const template = Object.keys(description.paths).find((candidate) => fits(candidate, path)) ?? '';
    const operation = description.paths[template]?.[method.toLowerCase()];
    assert.ok(operation, `${file} has no ${method} ${path}`);
    const name = `${method} ${template} ${status}`;
    const { responses = {} } = operation;
    const response = responses[status] ?? responses.default ?? (status >= 400 ? responses['403'] : undefined);
    assert.ok(response, `${name} is no answer of ${file}`);
    if (!response.schema) {
      assert.equal(body, undefined, name);
      return name;
    }
    const validate = ajv.compile(response.schema);
    validate(body);
    assert.deepEqual(validate.errors ?? [], [], `${name}: ${JSON.stringify(body)}`);
    return name;
  };
}

/** References to the common types lead to the one version of them that is there. */
function readDescription(path: string, name: string): Description {
  return JSON.parse(readFileSync(path, 'utf8'), (key, value) =>
    key === '$ref' && typeof value === 'string'
      ? value.replace(/^.*\/common\.json#/, 'common#').replace(/^#/, `${name}#`)
      : value,
  );
}

function closeObjects(description: Description, newer: string[]): Description {
  for (const [name, schema] of Object.entries(description.definitions)) {
    if (!schema.properties || schema.additionalProperties !== undefined) continue;
    const added = newer.filter((field) => field.startsWith(`${name}.`));
    for (const field of added) schema.properties[field.slice(name.length + 1)] = {};
    schema.additionalProperties = false;
  }
  return description;
}

function fits(template: string, path: string): boolean {
  const parts = template.split('/');
  const segments = path.split('/').map(decodeURIComponent);
  return (
    parts.length === segments.length &&
    parts.every((part, index) => part.startsWith('{') || part === segments[index])
  );
}
