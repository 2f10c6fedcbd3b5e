import { createCommunicationAuthPolicy } from '@azure/communication-common';
import { AzureKeyCredential } from '@azure/core-auth';
import { createEmptyPipeline, createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { AcsEmulator } from '../../local/acs/start-emulator.ts';
import { emulatorHttpClient } from '../../src/shared/acs/emulator-http-client.ts';

/** Sends a body as it is, signed by the SDKs' own policy, where their types would not let it through. */
export async function postSigned(
  { url, connectionString }: AcsEmulator,
  target: string,
  body: string,
): Promise<{ status: number; body: unknown }> {
  const [, endpoint = '', key = ''] = /endpoint=([^;]+);accesskey=(.+)/.exec(connectionString) ?? [];
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(createCommunicationAuthPolicy(new AzureKeyCredential(key)));
  const headers = createHttpHeaders({ 'content-type': 'application/json' });
  const request = createPipelineRequest({
    url: `${endpoint.replace(/\/$/, '')}${target}`,
    method: 'POST',
    headers,
    body,
  });
  const { status, bodyAsText } = await pipeline.sendRequest(emulatorHttpClient(url), request);
  return { status, body: bodyAsText ? JSON.parse(bodyAsText) : undefined };
}
