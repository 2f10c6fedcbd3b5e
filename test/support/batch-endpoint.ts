import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A line of a batch, as it was uploaded. */
export interface BatchLine {
  custom_id: string;
  method: string;
  url: string;
  body: Record<string, unknown>;
}

type BatchStatus = 'in_progress' | 'completed' | 'cancelled' | 'failed' | 'expired';

interface StoredBatch {
  id: string;
  status: BatchStatus;
  input_file_id: string;
  endpoint: string;
  metadata: Record<string, string> | null;
  output_file_id?: string;
  error_file_id?: string;
  created_at: number;
}

interface StoredFile {
  id: string;
  filename: string;
  text: string;
  created_at: number;
}

/** What the endpoint answers to one line; undefined where it has not come to it when the batch is cancelled. */
export type AnswerLine = (line: BatchLine) => { status_code: number; body: unknown } | undefined;

export interface BatchEndpointStandIn {
  baseUrl: string;
  files: Map<string, StoredFile>;
  batches: Map<string, StoredBatch>;
  /** `METHOD path` of every request. */
  requests: string[];
  /** Ends a batch: answers every line that it answers, in any order. */
  settle(batchId: string, status?: BatchStatus): void;
  /** Called before each request is carried out; throws to have the connection broken off. */
  before?: (request: string) => void;
  /** Called after a request was carried out, before it is answered; throws to have the answer lost. */
  after?: (request: string) => void;
  close(): Promise<void>;
}

/** Files and batches as OpenAI and Azure OpenAI keep them; other requests go to `live`, a handler of chat completions. */
export async function startBatchEndpoint({
  answer,
  live,
}: {
  answer: AnswerLine;
  live?: (request: IncomingMessage, body: string, response: ServerResponse) => void;
}): Promise<BatchEndpointStandIn> {
  const files = new Map<string, StoredFile>();
  const batches = new Map<string, StoredBatch>();
  let count = 0;
  const now = () => Math.floor(Date.now() / 1000);
  const newId = (kind: string): string => {
    count += 1;
    return `${kind}-${count}`;
  };
  const addFile = (filename: string, text: string): StoredFile => {
    const file = { id: newId('file'), filename, text, created_at: now() };
    files.set(file.id, file);
    return file;
  };
  const settle: BatchEndpointStandIn['settle'] = (batchId, status = 'completed') => {
    const batch = batches.get(batchId);
    if (!batch) throw new Error(`there is no batch ${batchId}`);
    batch.status = status;
    const lines = linesOf(files.get(batch.input_file_id)?.text ?? '');
    const answered = lines.flatMap((line) => {
      const response = answer(line);
      return response ? [{ custom_id: line.custom_id, response, error: null }] : [];
    });
    const toText = (some: typeof answered): string =>
      some
        .toReversed()
        .map((each) => `${JSON.stringify(each)}\n`)
        .join('');
    const good = answered.filter(({ response }) => response.status_code === 200);
    const bad = answered.filter(({ response }) => response.status_code !== 200);
    if (good.length > 0) batch.output_file_id = addFile('output.jsonl', toText(good)).id;
    if (bad.length > 0) batch.error_file_id = addFile('errors.jsonl', toText(bad)).id;
  };

  const carryOut = (method: string, path: string, body: Buffer, type: string): unknown => {
    const [, kind, id, action] = /\/(files|batches)(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(path) ?? [];
    if (kind === 'files') {
      if (method === 'POST') {
        const { filename, text } = readUpload(body.toString('utf8'), type);
        return shownFile(addFile(filename, text));
      }
      if (!id) return page([...files.values()].map(shownFile));
      const file = files.get(id);
      if (!file) return undefined;
      if (method === 'DELETE') return { id, object: 'file', deleted: files.delete(id) };
      return action === 'content' ? file.text : shownFile(file);
    }
    if (kind === 'batches') {
      if (method === 'POST' && !id) {
        const wanted = JSON.parse(body.toString('utf8'));
        if (!files.has(wanted.input_file_id)) return undefined;
        const batch: StoredBatch = {
          id: newId('batch'),
          status: 'in_progress',
          input_file_id: wanted.input_file_id,
          endpoint: wanted.endpoint,
          metadata: wanted.metadata ?? null,
          created_at: now(),
        };
        batches.set(batch.id, batch);
        return shownBatch(batch);
      }
      if (!id) return page([...batches.values()].map(shownBatch));
      const batch = batches.get(id);
      if (batch && action === 'cancel' && batch.status === 'in_progress') settle(id, 'cancelled');
      return batch && shownBatch(batch);
    }
    return undefined;
  };

  const requests: string[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks);
    const method = incoming.method ?? 'GET';
    const path = (incoming.url ?? '/').split('?')[0] ?? '/';
    const request = `${method} ${path}`;
    requests.push(request);
    if (path.endsWith('/chat/completions') && live) {
      live(incoming, body.toString('utf8'), response);
      return;
    }
    try {
      standIn.before?.(request);
      const result = carryOut(method, path, body, incoming.headers['content-type'] ?? '');
      standIn.after?.(request);
      if (result === undefined) {
        response.writeHead(404, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ error: { message: 'there is no such thing' } }));
      } else if (typeof result === 'string') {
        response.writeHead(200, { 'content-type': 'application/octet-stream' });
        response.end(result);
      } else {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(result));
      }
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const standIn: BatchEndpointStandIn = {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    files,
    batches,
    requests,
    settle,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return standIn;
}

/** The lines of an uploaded file. */
export function linesOf(text: string): BatchLine[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

function shownFile({ id, filename, text, created_at }: StoredFile) {
  return {
    id,
    object: 'file',
    bytes: Buffer.byteLength(text),
    created_at,
    filename,
    purpose: 'batch',
    status: 'processed',
  };
}

function shownBatch(batch: StoredBatch) {
  return { ...batch, object: 'batch', completion_window: '24h' };
}

function page(data: readonly { id: string }[]) {
  return { object: 'list', data: data.toReversed(), has_more: false };
}

function readUpload(body: string, type: string): { filename: string; text: string } {
  const boundary = /boundary=(.+)$/.exec(type)?.[1] ?? '';
  const part = body.split(`--${boundary}`).find((each) => /name="file"/.test(each)) ?? '';
  const filename = /filename="([^"]*)"/.exec(part)?.[1] ?? '';
  const text = part.slice(part.indexOf('\r\n\r\n') + 4).replace(/\r\n$/, '');
  return { filename, text };
}
