import { app } from '@azure/functions';
import { answer } from '../shared/http/answer.ts';
import { serveConversation, serveConversations } from '../shared/transcripts/serve.ts';
import { services } from './services.ts';

app.http('conversations', {
  route: 'api/conversations',
  methods: ['GET'],
  authLevel: 'function',
  handler: answer(serveConversations(services.transcripts)),
});

app.http('conversation', {
  route: 'api/conversations/{channel}/{id}',
  methods: ['GET'],
  authLevel: 'function',
  handler: answer(serveConversation(services.transcripts)),
});
