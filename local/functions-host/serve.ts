import type { DurableApi } from './durable/http-api.ts';
import type { HostRequest, HostResponse } from './exchange.ts';
import { type HostKeys, refuseHostRequest } from './keys.ts';

interface ServeOptions {
  http: (request: HostRequest) => Promise<HostResponse | undefined>;
  eventGrid: (request: HostRequest) => Promise<HostResponse>;
  durable: DurableApi;
  admin: (request: HostRequest) => Promise<HostResponse>;
  keys: HostKeys | undefined;
}

const notFound: HostResponse = { status: 404 };
const frontPage: HostResponse = {
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: '<p>The local Functions host is running.</p>',
};

/** Answers every request: webhooks, the front page, the app's functions, the admin addresses, else 404. */
export function createServe({ http, eventGrid, durable, admin, keys }: ServeOptions) {
  return async function serve(request: HostRequest): Promise<HostResponse> {
    const { path } = request;
    const [, extension, rest = ''] = /^\/runtime\/webhooks\/([^/]+)(\/.*)?$/i.exec(path) ?? [];
    if (extension !== undefined) return serveWebhook(request, extension.toLowerCase(), rest);
    if (path === '/' && process.env.AzureWebJobsDisableHomepage?.toLowerCase() !== 'true') return frontPage;
    const answer = await http(request);
    if (answer || !/^\/admin\//i.test(path)) return answer ?? notFound;
    const isOpen = /^\/admin\/host\/ping$/i.test(path);
    return (isOpen ? undefined : refuseHostRequest(request, undefined, keys)) ?? admin(request);
  };

  async function serveWebhook(request: HostRequest, extension: string, rest: string): Promise<HostResponse> {
    switch (extension) {
      case 'eventgrid':
        return refuseHostRequest(request, keys?.eventgrid, keys) ?? eventGrid(request);
      case 'durabletask':
        return refuseHostRequest(request, keys?.durabletask, keys) ?? durable(request, rest);
      default:
        return refuseHostRequest(request, undefined, keys) ?? notFound;
    }
  }
}
