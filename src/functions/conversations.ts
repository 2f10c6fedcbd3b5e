import { app } from '@azure/functions';
import { answer } from '../shared/http/answer.ts';
import { serveConversationsWith } from '../shared/people/serve-conversations-with.ts';
import { serveConversation, serveConversations } from '../shared/transcripts/serve.ts';
import { services } from './services.ts';

app.http('conversations', {
  route: 'api/conversations',
  methods: ['GET'],
  authLevel: 'function',
  handler: answer(serveConversationsWith(services, serveConversations(services.transcripts))),
});

app.http('conversation', {
  route: 'api/conversations/{channel}/{id}',
  methods: ['GET'],
  authLevel: 'function',
  handler: answer(serveConversation(services.readTogether)),
});
