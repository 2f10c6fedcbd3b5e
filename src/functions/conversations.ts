import { app } from '@azure/functions';
import { answer } from '../shared/http/answer.ts';
import { serveConversationsWith } from '../shared/people/serve-conversations-with.ts';
import { forReader } from '../shared/security/for-reader.ts';
import { readFor } from '../shared/security/read-for.ts';
import { serveOwnConversations } from '../shared/security/serve-own-conversations.ts';
import { serveConversation, serveConversations } from '../shared/transcripts/serve.ts';
import { services } from './services.ts';

const serveAll = serveConversationsWith(services, serveConversations(services.transcripts));

// Both are for people, too: who may see what is decided here, not by the host.
app.http('conversations', {
  route: 'api/conversations',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: answer(
    forReader(services, (request, reader) =>
      reader.kind === 'operator' ? serveAll(request) : serveOwnConversations(reader, services)(request),
    ),
  ),
});

app.http('conversation', {
  route: 'api/conversations/{channel}/{id}',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: answer(
    forReader(services, (request, reader) => serveConversation(readFor(reader, services))(request)),
  ),
});
