import { app } from '@azure/functions';
import { answer } from '../shared/http/answer.ts';
import { serveActionItems } from '../shared/search/serve-action-items.ts';
import { serveSearch } from '../shared/search/serve-search.ts';
import { forReader } from '../shared/security/for-reader.ts';
import { services } from './services.ts';

app.http('search', {
  route: 'api/search',
  methods: ['GET'],
  // Who finds what is decided here.
  authLevel: 'anonymous',
  handler: answer(forReader(services, serveSearch(services))),
});

app.http('actionItems', {
  route: 'api/action-items',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: answer(forReader(services, serveActionItems(services))),
});
