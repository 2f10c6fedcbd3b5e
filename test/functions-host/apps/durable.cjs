const { appendFileSync, existsSync } = require('node:fs');
const { app } = require('@azure/functions');
const df = require('durable-functions');

const note = (line) => appendFileSync(process.env.NOTES, `${line}\n`);
const opened = async (gate) => {
  while (!existsSync(`${process.env.NOTES}.${gate}`)) await new Promise((resolve) => setTimeout(resolve, 5));
};

let running = 0;
let most = 0;
df.app.activity('echo', { handler: (value) => value });
df.app.activity('effect', {
  handler: async ({ name, gate }) => {
    note(`begin ${name}`);
    if (gate) await opened(gate);
    note(`end ${name}`);
    return name;
  },
});
df.app.activity('crowd', {
  handler: async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running--;
    return most;
  },
});
const attempts = {};
df.app.activity('flaky', {
  handler: ({ key, failures }) => {
    attempts[key] = (attempts[key] ?? 0) + 1;
    if (attempts[key] <= failures) throw new Error(`attempt ${attempts[key]} of ${key}`);
    return attempts[key];
  },
});

df.app.orchestration('sequence', function* (context) {
  const first = yield context.df.callActivity('echo', 1);
  const second = yield context.df.callActivity('echo', first + 1);
  return [first, second];
});
df.app.orchestration('fanOut', function* (context) {
  const { activity, inputs } = context.df.getInput();
  return yield context.df.Task.all(inputs.map((input) => context.df.callActivity(activity, input)));
});
df.app.orchestration('retry', function* (context) {
  const { key, failures, tries } = context.df.getInput();
  const options = new df.RetryOptions(1, tries);
  return yield context.df.callActivityWithRetry('flaky', options, { key, failures });
});
df.app.orchestration('retriesBesideOthers', function* (context) {
  const options = new df.RetryOptions(1, 3);
  const retried = ['a', 'b', 'c'].map((key) =>
    context.df.callActivityWithRetry('flaky', options, { key: context.df.instanceId + key, failures: 2 }),
  );
  const plain = [1, 2, 3].map((value) => context.df.callActivity('echo', value));
  const results = yield context.df.Task.all([...retried, ...plain]);
  const last = yield context.df.callActivity('echo', 'last');
  return [...results, last];
});
df.app.orchestration('parent', function* (context) {
  const children = [1, 2].map((value) => context.df.callSubOrchestrator('child', { value }));
  try {
    const sums = yield context.df.Task.all(children);
    yield context.df.callSubOrchestrator('child', { fail: true });
    return sums;
  } catch (error) {
    const sums = yield context.df.Task.all(
      [3].map((value) => context.df.callSubOrchestrator('child', { value })),
    );
    return { caught: error.message.includes('the child failed'), sums };
  }
});
df.app.orchestration('child', function* (context) {
  const { value, fail, gate } = context.df.getInput();
  if (fail) throw new Error('the child failed');
  if (gate) return yield context.df.callActivity('effect', { name: 'in the child', gate });
  return yield context.df.callActivity('echo', value * 10);
});
df.app.orchestration('parentOfGated', function* (context) {
  return yield context.df.callSubOrchestrator('child', { gate: 'child' }, `${context.df.instanceId}-child`);
});
df.app.orchestration('timer', function* (context) {
  const start = context.df.currentUtcDateTime.getTime();
  yield context.df.createTimer(new Date(start + context.df.getInput().milliseconds));
  return context.df.currentUtcDateTime.getTime() - start;
});
df.app.orchestration('eventOrTimeout', function* (context) {
  const timeout = context.df.createTimer(
    new Date(context.df.currentUtcDateTime.getTime() + context.df.getInput()),
  );
  const event = context.df.waitForExternalEvent('go');
  const winner = yield context.df.Task.any([event, timeout]);
  if (winner !== event) return 'timeout';
  timeout.cancel();
  return event.result;
});
df.app.orchestration('events', function* (context) {
  context.df.setCustomStatus('waiting');
  const second = yield context.df.waitForExternalEvent('second');
  const first = yield context.df.waitForExternalEvent('first');
  return [first, second];
});
df.app.orchestration('rounds', function* (context) {
  const { round } = context.df.getInput();
  yield context.df.callActivity('effect', { name: `round ${round}` });
  if (round < 3) context.df.continueAsNew({ round: round + 1 });
  return round;
});
df.app.orchestration('anyInLoop', function* (context) {
  let open = [1, 2, 3].map((value) => context.df.callActivity('echo', value));
  while (open.length > 0) {
    const winner = yield context.df.Task.any(open);
    open = open.filter((task) => task !== winner);
  }
});
df.app.orchestration('undecided', function* (context) {
  const name = existsSync(`${process.env.NOTES}.changed`) ? 'crowd' : 'echo';
  yield context.df.callActivity(name, 1);
  yield context.df.waitForExternalEvent('go');
});
df.app.orchestration('unknownActivity', function* (context) {
  try {
    yield context.df.callActivity('nobody');
  } catch {
    return 'the orchestrator caught it';
  }
});
df.app.orchestration('callsHttp', function* (context) {
  return yield context.df.callHttp({ method: 'GET', url: 'http://127.0.0.1:9' });
});
df.app.orchestration('signals', function* (context) {
  context.df.signalEntity(new df.EntityId('counter', 'a'), 'add', 1);
  return yield context.df.callEntity(new df.EntityId('counter', 'a'), 'get');
});
df.app.entity('counter', () => {});

const client = df.input.durableClient();
app.http('client', {
  route: 'client/{method}',
  methods: ['POST'],
  extraInputs: [client],
  handler: async (request, context) => {
    try {
      const result = await df.getClient(context)[request.params.method](...(await request.json()));
      return { jsonBody: { result } };
    } catch (error) {
      return { jsonBody: { error: error.message } };
    }
  },
});
