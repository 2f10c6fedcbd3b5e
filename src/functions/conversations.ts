import { app } from '@azure/functions';
import { answer } from '../shared/http/answer.ts';
import { serveConversationsWith } from '../shared/people/serve-conversations-with.ts';
import { readAs } from '../shared/security/act-as.ts';
import { forCaller } from '../shared/security/for-caller.ts';
import { readFor } from '../shared/security/read-for.ts';
import { serveOwnConversations } from '../shared/security/serve-own-conversations.ts';
import { serveConversation, serveConversations } from '../shared/transcripts/serve.ts';
import { services } from './services.ts';

const { tellCaller, transcripts } = services;
const serveAll = serveConversationsWith(services, serveConversations(transcripts));

// Both are for people, too: who may see what is decided here, not by the host.
app.http('conversations', {
  route: 'api/conversations',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: answer(
    forCaller(tellCaller, async (request, caller, context) => {
      const reader = await readAs(request, caller, { ...services, log: context });
      return reader.kind === 'operator'
        ? serveAll(request)
        : serveOwnConversations(reader, services)(request);
    }),
  ),
});

app.http('conversation', {
  route: 'api/conversations/{channel}/{id}',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: answer(
    forCaller(tellCaller, async (request, caller, context) => {
      const reader = await readAs(request, caller, { ...services, log: context });
      return serveConversation(readFor(reader, services))(request);
    }),
  ),
});
