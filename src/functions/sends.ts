import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { answer, describeError } from '../shared/http/answer.ts';
import type { SendParts } from '../shared/sends/carry-out.ts';
import { resumeSends } from '../shared/sends/resume-sends.ts';
import { serveOpening, serveSend, serveSendState } from '../shared/sends/serve-sends.ts';
import { services } from './services.ts';

app.http('sendMessage', {
  route: 'api/conversations/{channel}/{id}/messages',
  methods: ['POST'],
  authLevel: 'function',
  handler: answer(sending(serveSend)),
});

app.http('beginConversation', {
  route: 'api/conversations/{channel}',
  methods: ['POST'],
  authLevel: 'function',
  handler: answer(sending(serveOpening)),
});

app.http('sendState', {
  route: 'api/sends/{sendId}',
  methods: ['GET'],
  authLevel: 'function',
  handler: answer(serveSendState(services.sends)),
});

/** Each minute goes on with what a crash, an outage or the provider held up. */
app.timer('resumeSends', {
  schedule: '0 * * * * *',
  async handler(_, context) {
    const resumed = await resumeSends({ ...partsFor(context), channels: services.sendingChannels });
    if (resumed.taken > 0) context.log(JSON.stringify(resumed));
  },
});

/** Each night forgets what was settled more than seven days ago. */
app.timer('sweepSends', {
  schedule: '0 30 3 * * *',
  async handler(_, context) {
    context.log(JSON.stringify({ swept: await services.sends.outbox.sweep() }));
  },
});

type Serve = (parts: SendParts) => (request: HttpRequest) => Promise<HttpResponseInit>;

function sending(serve: Serve) {
  return (request: HttpRequest, context: InvocationContext) => serve(partsFor(context))(request);
}

function partsFor(context: InvocationContext): SendParts {
  return { ...services.sends, logFault: (error) => context.error(`send: ${describeError(error)}`) };
}
