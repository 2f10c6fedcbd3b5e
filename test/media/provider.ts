import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before } from 'node:test';
import { openAcsClients } from '../../src/shared/acs/clients.ts';
import type { ChannelParts } from '../../src/shared/channels/channels.ts';
import { readSettings } from '../../src/shared/settings.ts';
import { partsWith } from '../support/acs-events.ts';

export type Answer = (response: ServerResponse) => void;

/** A server in ACS's place that answers each request for media as told, for the faults that ACS shows. */
export function useProvider() {
  const answers: Answer[] = [];
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const answer = answers.shift();
    if (answer) answer(response);
    else response.writeHead(500).end();
  });
  before(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    /** Paths and queries asked for so far. */
    asked,
    /** Forgets what was asked, and answers the next requests like this. */
    answer(...next: Answer[]) {
      asked.length = 0;
      answers.splice(0, answers.length, ...next);
    },
    parts(): ChannelParts {
      const { port } = server.address() as AddressInfo;
      const { acs: settings } = readSettings({
        ACS_CONNECTION_STRING: 'endpoint=https://sample.communication.azure.com/;accesskey=bm90IGEgc2VjcmV0',
        ACS_EMULATOR_URL: `http://127.0.0.1:${port}`,
      });
      const clients = openAcsClients(settings, { maxRetries: 0 });
      return { ...partsWith(), settings, sending: clients, reading: clients };
    },
  };
}

export function send(bytes: Uint8Array): Answer {
  return (response) => {
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'content-length': bytes.length,
    });
    response.end(bytes);
  };
}

/** Without telling the length. */
export function stream(bytes: Uint8Array): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    response.write(bytes.subarray(0, bytes.length / 2));
    response.end(bytes.subarray(bytes.length / 2));
  };
}

export function refuse(status: number): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { code: 'Sample', message: 'No.' } }));
  };
}

/** The connection breaks off in the middle. */
export function breakOff(bytes: Uint8Array): Answer {
  return (response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
  };
}

/** Half of it, and then nothing for ever. */
export function stall(bytes: Uint8Array, onHalf: () => void): Answer {
  return (response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, bytes.length / 2), () => setTimeout(onHalf, 100));
  };
}

/** Goes on until whoever reads it goes away, and then tells. */
export function endless(onGone: () => void): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    const chunk = Buffer.alloc(1024 ** 2);
    const goOn = (): void => {
      while (response.write(chunk));
    };
    response.on('drain', goOn).on('close', onGone);
    goOn();
  };
}
