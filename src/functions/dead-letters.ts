import { app } from '@azure/functions';
import { replayDeadLetters, serveDeadLetter, serveDeadLetters } from '../shared/events/serve-dead-letters.ts';
import { answer } from '../shared/http/answer.ts';
import { services } from './services.ts';
import { acceptFor, orderQueues } from './take-events.ts';

app.http('deadLetters', {
  route: 'api/dead-letters',
  methods: ['GET'],
  authLevel: 'function',
  handler: answer(serveDeadLetters(services.deadLetters)),
});

app.http('deadLetter', {
  route: 'api/dead-letters/{date}/{hash}',
  methods: ['GET'],
  authLevel: 'function',
  handler: answer(serveDeadLetter(services.deadLetters)),
});

app.http('replayDeadLetters', {
  route: 'api/dead-letters/replay',
  methods: ['POST'],
  authLevel: 'function',
  extraOutputs: orderQueues,
  handler: answer((_, context) =>
    replayDeadLetters(services.deadLetters, acceptFor(context, services.acceptAgain))(),
  ),
});
