import { app } from '@azure/functions';
import { serveHold, serveHolds } from '../shared/erasure/serve-holds.ts';
import { answer } from '../shared/http/answer.ts';
import { services } from './services.ts';

const hold = serveHold({ holds: services.holds, exists: services.exists });

app.http('holds', {
  route: 'api/holds',
  methods: ['GET'],
  authLevel: 'function',
  handler: answer(serveHolds(services.holds)),
});

app.http('personHold', {
  route: 'api/holds/people/{id}',
  methods: ['GET', 'PUT', 'DELETE'],
  authLevel: 'function',
  handler: answer(hold.person),
});

app.http('conversationHold', {
  route: 'api/holds/conversations/{channel}/{id}',
  methods: ['GET', 'PUT', 'DELETE'],
  authLevel: 'function',
  handler: answer(hold.conversation),
});
