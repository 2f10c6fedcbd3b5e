const { existsSync, writeFileSync } = require('node:fs');
const { app } = require('@azure/functions');

const tell = (name, options) =>
  app.http(name, {
    ...options,
    handler: async (request) => ({
      jsonBody: {
        name,
        params: request.params,
        query: Object.fromEntries(request.query),
        body: await request.text(),
      },
    }),
  });

tell('free', { route: 'items/{id}', methods: ['GET'] });
tell('number', { route: 'items/{id:int}', methods: ['GET'] });
tell('literal', { route: 'items/first', methods: ['GET', 'POST'] });
tell('optional', { route: 'optional/{name?}', methods: ['GET'] });
tell('fallback', { route: 'fallback/{name=bob}', methods: ['GET'] });
tell('rest', { route: 'rest/{*path}', methods: ['GET'] });
tell('twoParts', { route: 'mixed/{a}-{b}.txt', methods: ['GET'] });
tell('unnamed', {});
tell('secret', { route: 'secret', methods: ['GET'], authLevel: 'function' });
tell('admins', { route: 'admins', methods: ['GET'], authLevel: 'admin' });

const answers = {
  thrown: () => {
    throw new Error('broken');
  },
  text: () => 'just text',
  nothing: () => undefined,
  cookies: () => ({
    status: 201,
    body: 'c',
    cookies: [
      { name: 'a', value: '1' },
      { name: 'b', value: '2', httpOnly: true },
    ],
  }),
};
app.http('answer', {
  route: 'answer/{kind}',
  methods: ['GET'],
  handler: (request) => answers[request.params.kind](),
});

app.http('slow', {
  route: 'slow',
  methods: ['GET'],
  handler: async () => {
    writeFileSync(`${process.env.GATE}.started`, '');
    while (!existsSync(`${process.env.GATE}.open`)) await new Promise((resolve) => setTimeout(resolve, 5));
    return { body: 'done' };
  },
});

app.hook.preInvocation((context) => {
  if (context.invocationContext.functionName === 'unnamed')
    context.functionHandler = () => ({ body: 'from the hook' });
});
