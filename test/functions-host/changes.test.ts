import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { createDurableChanges } from '../../local/functions-host/durable/changes.ts';
import type { Decision } from '../../local/functions-host/durable/replay.ts';
import { createDurableStore } from '../../local/functions-host/durable/store.ts';
import { createEvent, eventType } from '../../local/functions-host/durable/types.ts';

function openStore() {
  const lines: string[] = [];
  const store = createDurableStore(new DatabaseSync(':memory:'));
  const changes = createDurableChanges(
    store,
    () => {},
    (line) => void lines.push(line),
  );
  changes.start({ id: 'i', name: 'o', input: '1', execution: 'first', generation: 0, parent: null });
  const find = () => {
    const instance = store.findInstance('i');
    assert.ok(instance);
    return instance;
  };
  return { store, changes, lines, find };
}

const raised = (name: string) => createEvent(eventType.eventRaised, { Name: name, Input: '1' });
const decide = (outcome: Decision['outcome'], awaited: [string, number][] = []): Decision => ({
  tasks: [],
  awaitedEvents: new Map(awaited),
  customStatus: null,
  outcome,
});

test('a new round gets the events that came meanwhile, and nothing of the tasks of the old one', () => {
  const { store, changes, find, lines } = openStore();
  store.removeFromInbox('i', store.readInbox('i').at(-1)?.seq ?? 0);
  store.addHistory('i', raised('awaited'), true);
  store.addHistory('i', raised('awaited'), true);
  store.addHistory('i', raised('ignored'), true);
  store.addToInbox('i', createEvent(eventType.taskCompleted, { TaskScheduledId: 0, Result: '"old"' }));
  store.addToInbox('i', raised('late'));
  changes.apply(find(), decide({ kind: 'continued', input: '2' }, [['awaited', 1]]), [], new Date());

  const { executionStarted, orchestratorCompleted, eventRaised } = eventType;
  const types = store.readInbox('i').map(({ event }) => event.EventType);
  assert.deepEqual(types, [executionStarted, orchestratorCompleted, eventRaised]);
  assert.deepEqual([find().input, find().execution === 'first', store.readHistory('i')], ['2', false, []]);
  assert.match(lines.join(), /continueAsNew before it awaited 2 events; they are lost, as on Azure/);
});

test('the end of a task counts once, and not at all for another round or an ended orchestration', () => {
  const { store, changes, find } = openStore();
  const task = {
    instance: 'i',
    execution: 'first',
    id: 0,
    spec: { kind: 'activity' as const, name: 'a', input: null },
  };
  const event = createEvent(eventType.taskCompleted, { TaskScheduledId: 0, Result: '1' });
  store.addTask(task);
  store.addTask({ ...task, execution: 'earlier' });
  store.addTask({ ...task, id: 1 });
  const before = store.readInbox('i').length;
  changes.endTask(task, event);
  changes.endTask(task, event);
  changes.endTask({ ...task, execution: 'earlier' }, event);
  assert.equal(store.readInbox('i').length, before + 1);

  changes.finish(find(), 'Terminated', '"enough"');
  changes.endTask({ ...task, id: 1 }, event);
  assert.deepEqual(store.readInbox('i'), []);
});
