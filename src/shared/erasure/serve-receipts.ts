import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { DurableClient } from 'durable-functions';
import * as z from 'zod';
import { findStatus, isRunning } from '../durable/instances.ts';
import { type RunFiles, runsFolder } from '../durable/run-files.ts';
import { ParleyError } from '../errors.ts';
import { nextLink, readCursor, readLimit } from '../http/paging.ts';
import type { Container } from '../storage/container.ts';
import { type ErasureState, type Receipt, toReceipt } from './erasure-state.ts';

type Client = Pick<DurableClient, 'getStatus'>;

export const erasureId = z.string().regex(/^\d{8}-\d{6}-[0-9a-f]{8}$/);

/** The name of an orchestration by the id of its erasure. */
export function instanceOf(id: string): string {
  return `erasure-${id}`;
}

interface Dependencies {
  erasures: Container;
  runs: RunFiles<ErasureState>;
}

/** `GET /api/erasures` and `GET /api/erasures/{id}`: what is being erased, and receipts of what was. */
export function serveReceipts({ erasures, runs }: Dependencies) {
  async function receipt(request: HttpRequest, client: Client): Promise<HttpResponseInit> {
    const id = erasureId.safeParse(request.params.id);
    const found = id.success ? await read(id.data, client) : undefined;
    if (found) return { jsonBody: found };
    throw new ParleyError(
      'not_found',
      'There is no erasure of that id. GET /api/erasures lists those there are.',
    );
  }

  /** The newest first. */
  async function receipts(request: HttpRequest, client: Client): Promise<HttpResponseInit> {
    const limit = readLimit(request, { usual: 50, most: 200 });
    const before = readCursor(request, erasureId);
    const ids = (await listIds()).filter((id) => before === undefined || id < before);
    const page = ids.sort().reverse().slice(0, limit);
    const found = await Promise.all(page.map((id) => read(id, client)));
    const link = ids.length > limit ? { nextLink: nextLink(request, page.at(-1)) } : {};
    return { jsonBody: { erasures: found.filter((each) => each !== undefined), ...link } };
  }

  async function listIds(): Promise<string[]> {
    const ids: string[] = [];
    for await (const { blobs } of erasures.pages({ prefix: `${runsFolder}/` })) {
      ids.push(...blobs.map(({ name }) => name.slice(runsFolder.length + 1, -'.json'.length)));
    }
    return ids.filter((id) => erasureId.safeParse(id).success);
  }

  async function read(id: string, client: Client): Promise<Receipt | undefined> {
    const stored = await runs.read(id);
    if (stored?.state.state !== 'running') return stored && toReceipt(stored.state);
    const status = await findStatus(client, instanceOf(id));
    if (status && isRunning(status)) return toReceipt(stored.state);
    // It may have ended between the two readings.
    const latest = (await runs.read(id))?.state ?? stored.state;
    if (latest.state !== 'running') return toReceipt(latest);
    return {
      ...toReceipt(latest),
      state: 'failed',
      reason: status
        ? 'Storage did not answer for minutes, or something went wrong that the log names. The same DELETE goes on with it.'
        : 'It was never started. The same DELETE starts it.',
    };
  }

  return { receipt, receipts };
}
