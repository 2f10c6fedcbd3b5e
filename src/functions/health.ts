import { app } from '@azure/functions';
import { answer } from '../shared/http/answer.ts';
import { services } from './services.ts';

/** 200 when the app runs and its storage answers, 503 when storage does not. Tells nothing else. */
app.http('health', {
  route: 'api/health',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: answer(async () => {
    await services.isStorageReachable();
    return { jsonBody: { status: 'ok' } };
  }),
});
