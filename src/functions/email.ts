import { app } from '@azure/functions';
import { answer } from '../shared/http/answer.ts';
import { receiveInbound } from '../shared/mail/receive-inbound.ts';
import { services } from './services.ts';
import { mediaQueue, takeEvent } from './take-events.ts';

app.eventGrid('emailEvents', { extraOutputs: [mediaQueue], handler: takeEvent });

/** Mails that others send: ACS brings none, a mail gateway posts them. */
app.http('inboundEmail', {
  route: 'api/email/inbound',
  methods: ['POST'],
  authLevel: 'function',
  handler: answer(receiveInbound(services.takeMail)),
});
