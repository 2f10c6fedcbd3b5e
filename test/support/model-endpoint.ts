import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';

/** A request as it came over the wire. */
export interface ModelRequest {
  path: string;
  headers: IncomingHttpHeaders;
  /** The whole body, as JSON. */
  body: Record<string, unknown>;
  /** The text of the system message and that of the user's. */
  instructions: string;
  input: string;
  /** The name of the JSON schema, where one was asked for. */
  answerName: string | undefined;
}

/** What the endpoint does with a request: an answer in JSON, or anything else that endpoints do. */
export type ModelReply =
  | { answer: unknown; usage?: { prompt_tokens: number; completion_tokens: number } | null }
  | { text: string; finishReason?: string }
  | { refusal: string }
  | { status: number; headers?: Record<string, string>; error?: Record<string, unknown> }
  /** Takes the connection down after the first half of the body. */
  | { resetAfter: string }
  /** A body as it is, with status 200. */
  | { raw: string; contentType?: string }
  | { hang: true };

export interface ModelEndpoint {
  /** Base URL of an OpenAI-compatible endpoint, with `/v1`. */
  baseUrl: string;
  requests: ModelRequest[];
  /** Settings of Parley that use it. */
  environment: Record<string, string>;
  /** The same by way of Azure OpenAI. */
  azureEnvironment: Record<string, string>;
  close(): Promise<void>;
}

/** An endpoint that speaks chat completions, of OpenAI and of Azure OpenAI, and answers what a test says. */
export async function startModelEndpoint(
  reply: (request: ModelRequest, count: number) => ModelReply | Promise<ModelReply>,
  { latencyMilliseconds = 0 }: { latencyMilliseconds?: number } = {},
): Promise<ModelEndpoint> {
  const requests: ModelRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
    const request = toRequest(incoming.url ?? '/', incoming.headers, Buffer.concat(chunks).toString('utf8'));
    requests.push(request);
    if (latencyMilliseconds > 0) await wait(latencyMilliseconds);
    send(response, request, await reply(request, requests.length));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const baseUrl = `http://127.0.0.1:${port}/v1`;
  return {
    baseUrl,
    requests,
    environment: { OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: 'fake-key', OPENAI_MODEL: 'stand-in' },
    azureEnvironment: {
      AZURE_OPENAI_ENDPOINT: `http://127.0.0.1:${port}`,
      AZURE_OPENAI_API_KEY: 'fake-key',
      AZURE_OPENAI_DEPLOYMENT: 'stand-in',
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function toRequest(path: string, headers: IncomingHttpHeaders, text: string): ModelRequest {
  const body: Record<string, unknown> = text === '' ? {} : JSON.parse(text);
  const messages = Array.isArray(body.messages) ? body.messages : [];
  const of = (role: string): string =>
    messages
      .filter((message) => message.role === role)
      .map((message) => String(message.content))
      .join('\n');
  const format = body.response_format as { json_schema?: { name?: string } } | undefined;
  return {
    path,
    headers,
    body,
    instructions: of('system'),
    input: of('user'),
    answerName: format?.json_schema?.name,
  };
}

function send(response: ServerResponse, request: ModelRequest, reply: ModelReply): void {
  if ('hang' in reply) return;
  if ('status' in reply) {
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
    response.end(JSON.stringify({ error: reply.error ?? { message: 'as the test wants it' } }));
    return;
  }
  if ('resetAfter' in reply) {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100000' });
    response.write(reply.resetAfter, () => response.destroy());
    return;
  }
  if ('raw' in reply) {
    response.writeHead(200, { 'content-type': reply.contentType ?? 'application/json' });
    response.end(reply.raw);
    return;
  }
  const content = 'answer' in reply ? JSON.stringify(reply.answer) : 'text' in reply ? reply.text : null;
  const refusal = 'refusal' in reply ? reply.refusal : null;
  const given = 'usage' in reply ? reply.usage : undefined;
  const counted = {
    prompt_tokens: countTokens(request.instructions + request.input, { disallowedSpecial: new Set() }),
    completion_tokens: countTokens(content ?? refusal ?? '', { disallowedSpecial: new Set() }),
  };
  const usage = given === undefined ? counted : given;
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({
      id: 'chatcmpl-test',
      object: 'chat.completion',
      created: 1_764_000_000,
      model: request.body.model ?? 'stand-in',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content, refusal },
          finish_reason: ('finishReason' in reply ? reply.finishReason : undefined) ?? 'stop',
        },
      ],
      ...(usage ? { usage } : {}),
    }),
  );
}
