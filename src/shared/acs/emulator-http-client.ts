import { createDefaultHttpClient, createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';

/**
 * Sends every request to the ACS emulator instead. The SDKs keep the resource's https address, without which they refuse
 * user tokens, and sign for its host, which goes along in the header.
 */
export function emulatorHttpClient(emulatorUrl: string): HttpClient {
  const inner = createDefaultHttpClient();
  const emulator = new URL(emulatorUrl);
  return {
    async sendRequest(request) {
      const url = new URL(request.url);
      const headers = createHttpHeaders(request.headers.toJSON({ preserveCase: true }));
      headers.set('host', url.host);
      // A copy: the SDK sends the request again after a 429, and must find the https address in it then.
      const response = await inner.sendRequest({
        ...request,
        url: `${emulator.origin}${url.pathname}${url.search}`,
        headers,
        allowInsecureConnection: true,
      });
      return { ...response, request };
    },
  };
}
