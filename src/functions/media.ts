import { app } from '@azure/functions';
import { answer } from '../shared/http/answer.ts';
import { mediaOrder } from '../shared/media/order.ts';
import { orderMissingMedia, serveMedia } from '../shared/media/serve.ts';
import { forReader } from '../shared/security/for-reader.ts';
import { seesMedia } from '../shared/security/sees-media.ts';
import { services } from './services.ts';
import { mediaQueue } from './take-events.ts';

/** Longer than any attachment takes; less than the host allows a function. */
const patience = 5 * 60_000;

app.storageQueue('fetchMedia', {
  queueName: 'media',
  connection: 'AzureWebJobsStorage',
  handler: async (message, context) => {
    const options = { signal: AbortSignal.timeout(patience) };
    context.log(await services.mediaFetcher.fetch(mediaOrder.parse(message), options));
  },
});

/** Where the host puts what failed every time: nobody looks there, so the transcript tells. */
app.storageQueue('giveUpMedia', {
  queueName: 'media-poison',
  connection: 'AzureWebJobsStorage',
  handler: async (message, context) => {
    const order = mediaOrder.safeParse(message);
    if (!order.success) return context.error('The queue media held a message that is no order');
    await services.mediaFetcher.giveUp(order.data, { signal: AbortSignal.timeout(patience) });
  },
});

app.http('media', {
  route: 'api/media/{channel}/{conversation}/{attachment}',
  methods: ['GET'],
  // Who may have it is decided here.
  authLevel: 'anonymous',
  handler: answer(
    forReader(services, (request, reader) =>
      serveMedia(services.media, seesMedia(reader, services))(request),
    ),
  ),
});

app.http('missingMedia', {
  route: 'api/media/{channel}/{id}',
  methods: ['POST'],
  authLevel: 'function',
  extraOutputs: [mediaQueue],
  handler: answer((request, context) =>
    orderMissingMedia(services.transcripts, (orders) => context.extraOutputs.set(mediaQueue, orders))(
      request,
    ),
  ),
});
