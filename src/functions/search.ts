import { app } from '@azure/functions';
import { answer } from '../shared/http/answer.ts';
import { serveActionItems } from '../shared/search/serve-action-items.ts';
import { serveSearch } from '../shared/search/serve-search.ts';
import { readAs } from '../shared/security/act-as.ts';
import { forCaller } from '../shared/security/for-caller.ts';
import { services } from './services.ts';

const search = serveSearch(services);
const actionItems = serveActionItems(services);

app.http('search', {
  route: 'api/search',
  methods: ['GET'],
  // Who finds what is decided here.
  authLevel: 'anonymous',
  handler: answer(
    forCaller(services.tellCaller, async (request, caller, context) =>
      search(request, await readAs(request, caller, { ...services, log: context })),
    ),
  ),
});

app.http('actionItems', {
  route: 'api/action-items',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: answer(
    forCaller(services.tellCaller, async (request, caller, context) =>
      actionItems(request, await readAs(request, caller, { ...services, log: context })),
    ),
  ),
});
