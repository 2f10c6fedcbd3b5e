import { app } from '@azure/functions';
import { answer } from '../shared/http/answer.ts';
import { receiveInbound } from '../shared/mail/receive-inbound.ts';
import { services } from './services.ts';
import { analysisOrdersFor, analysisQueue, orderQueues, takeEvent } from './take-events.ts';

app.eventGrid('emailEvents', { extraOutputs: orderQueues, handler: takeEvent });

/** Mails that others send: ACS brings none, a mail gateway posts them. */
app.http('inboundEmail', {
  route: 'api/email/inbound',
  methods: ['POST'],
  authLevel: 'function',
  extraOutputs: [analysisQueue],
  handler: answer((request, context) => {
    const orderAnalysis = analysisOrdersFor(context);
    return receiveInbound((raw, options) => services.takeMail(raw, { ...options, orderAnalysis }))(request);
  }),
});
