import { app } from '@azure/functions';
import { answer } from '../shared/http/answer.ts';
import { rebuildPeople } from '../shared/people/rebuild.ts';
import { servePeople } from '../shared/people/serve-people.ts';
import { postPerson, putPerson, servePerson } from '../shared/people/serve-person.ts';
import { services } from './services.ts';

app.http('people', {
  route: 'api/people',
  methods: ['GET'],
  authLevel: 'function',
  handler: answer(servePeople(services)),
});

app.http('addPerson', {
  route: 'api/people',
  methods: ['POST'],
  authLevel: 'function',
  handler: answer(postPerson(services)),
});

app.http('person', {
  route: 'api/people/{id}',
  methods: ['GET'],
  authLevel: 'function',
  handler: answer(servePerson(services)),
});

app.http('changePerson', {
  route: 'api/people/{id}',
  methods: ['PUT'],
  authLevel: 'function',
  handler: answer(putPerson(services)),
});

app.http('rebuildPeople', {
  route: 'api/people/rebuild',
  methods: ['POST'],
  authLevel: 'function',
  handler: answer(rebuildPeople({ ...services, people: services.peopleAnew })),
});
