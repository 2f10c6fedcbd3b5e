import { app } from '@azure/functions';
import { answer } from '../shared/http/answer.ts';
import { rebuildPeople } from '../shared/people/rebuild.ts';
import { services } from './services.ts';

app.http('rebuildPeople', {
  route: 'api/people/rebuild',
  methods: ['POST'],
  authLevel: 'function',
  handler: answer(rebuildPeople({ ...services, people: services.peopleAnew })),
});
