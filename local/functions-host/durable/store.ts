import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { z } from 'zod';
import { type HistoryEvent, type Instance, instanceSchema, type Task, taskSpec } from './types.ts';

const schema = `
CREATE TABLE IF NOT EXISTS instances (id TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS history (instance TEXT NOT NULL, seq INTEGER NOT NULL, played INTEGER NOT NULL,
  json TEXT NOT NULL, PRIMARY KEY (instance, seq)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS inbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, instance TEXT NOT NULL,
  json TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS inbox_of_instance ON inbox (instance);
CREATE TABLE IF NOT EXISTS tasks (instance TEXT NOT NULL, execution TEXT NOT NULL, id INTEGER NOT NULL,
  open INTEGER NOT NULL DEFAULT 1, kind TEXT NOT NULL, name TEXT, action INTEGER, fireAt TEXT, spec TEXT NOT NULL,
  PRIMARY KEY (instance, execution, id)) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS open_tasks ON tasks (kind, fireAt) WHERE open = 1;
`;

const jsonRow = z.object({ json: z.string() });
const taskRow = z.object({ instance: z.string(), execution: z.string(), id: z.int(), spec: z.string() });
const actionRow = z.object({ id: z.int(), kind: z.string(), name: z.string().nullable() });
const eventSchema = z.looseObject({ EventType: z.int(), EventId: z.int(), Timestamp: z.string() });

/** What is kept of all orchestrations. */
export type DurableStore = ReturnType<typeof createDurableStore>;

/** Opens the tables of the orchestrations in a database. */
export function createDurableStore(database: DatabaseSync) {
  database.exec(schema);
  const execute = (sql: string) => {
    const statement = database.prepare(sql);
    return (...values: SQLInputValue[]) => Number(statement.run(...values).changes);
  };
  const select = (sql: string) => {
    const statement = database.prepare(sql);
    return (...values: SQLInputValue[]) => statement.all(...values);
  };
  const selectTasks = (condition: string) => {
    const rows = select(`SELECT instance, execution, id, spec FROM tasks WHERE ${condition}`);
    return (...values: SQLInputValue[]) => rows(...values).map(readTask);
  };

  const findInstances = select('SELECT json FROM instances WHERE id = ?');
  const listInstances = select('SELECT json FROM instances WHERE id > ? AND id >= ? ORDER BY id');
  const saveInstance = execute('INSERT OR REPLACE INTO instances (id, json) VALUES (?, ?)');
  const removeInstance = execute('DELETE FROM instances WHERE id = ?');
  const selectHistory = select('SELECT played, json FROM history WHERE instance = ? ORDER BY seq');
  const addHistory = execute(`INSERT INTO history (instance, seq, played, json)
    SELECT ?1, coalesce(max(seq), 0) + 1, ?2, ?3 FROM history WHERE instance = ?1`);
  const forgetHistory = execute('DELETE FROM history WHERE instance = ?');
  const selectInbox = select('SELECT seq, json FROM inbox WHERE instance = ? ORDER BY seq');
  const addToInbox = execute('INSERT INTO inbox (instance, json) VALUES (?, ?)');
  const removeFromInbox = execute('DELETE FROM inbox WHERE instance = ? AND seq <= ?');
  const forgetInbox = execute('DELETE FROM inbox WHERE instance = ?');
  const selectWaiting = select('SELECT DISTINCT instance FROM inbox');
  const findTasks = selectTasks('instance = ? AND execution = ? AND id = ?');
  const openActivities = selectTasks(`open = 1 AND kind = 'activity'`);
  const dueTimers = selectTasks(`open = 1 AND kind = 'timer' AND fireAt <= ? ORDER BY fireAt`);
  const nextDue = select(`SELECT min(fireAt) AS fireAt FROM tasks WHERE open = 1 AND kind = 'timer'`);
  const countTasks = select('SELECT count(*) AS number FROM tasks WHERE instance = ? AND execution = ?');
  const selectActions = select(`SELECT id, kind, name FROM tasks
    WHERE instance = ? AND execution = ? AND action IS NOT NULL ORDER BY action`);
  const addTask = execute(`INSERT INTO tasks (instance, execution, id, kind, name, action, fireAt, spec)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  const closeTask = execute(`UPDATE tasks SET open = 0
    WHERE instance = ? AND execution = ? AND id = ? AND open = 1`);
  const forgetTasks = execute(
    `DELETE FROM tasks WHERE instance = ? AND NOT (open = 1 AND kind = 'activity')`,
  );

  return {
    /** All or nothing; what it did survives the end of the process from then on. */
    transaction<Result>(work: () => Result): Result {
      database.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        database.exec('COMMIT');
        return result;
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },

    findInstance: (id: string): Instance | undefined => findInstances(id).map(readInstance)[0],
    /** Those whose id starts with `prefix` and comes after `after`, in the order of their ids. */
    listInstances: (prefix: string, after: string): Instance[] =>
      listInstances(after, prefix)
        .map(readInstance)
        .filter(({ id }) => id.startsWith(prefix)),
    saveInstance: (instance: Instance) =>
      saveInstance(instance.id, JSON.stringify({ ...instance, updatedAt: new Date().toISOString() })),
    removeInstance: (id: string) => removeInstance(id),

    readHistory: (id: string): HistoryEvent[] => selectHistory(id).map(readEvent),
    /** The history as JSON texts of the wire, with `IsPlayed`. */
    readWireHistory: (id: string): string[] =>
      selectHistory(id).map((row) => asWire(String(row.json), row.played === 1)),
    addHistory: (id: string, event: HistoryEvent, played: boolean) =>
      addHistory(id, played ? 1 : 0, JSON.stringify(event)),
    forgetHistory: (id: string) => forgetHistory(id),

    /** What has come for an instance and is not in its history yet. */
    readInbox: (id: string) =>
      selectInbox(id).map((row) => ({ seq: Number(row.seq), event: readEvent(row) })),
    addToInbox: (id: string, event: HistoryEvent) => addToInbox(id, JSON.stringify(event)),
    removeFromInbox: (id: string, upTo: number) => removeFromInbox(id, upTo),
    /** Ids of the instances for which something has come. */
    listWaiting: (): string[] => selectWaiting().map((row) => String(row.instance)),

    findTask: (instance: string, execution: string, id: number): Task | undefined =>
      findTasks(instance, execution, id)[0],
    countTasks: (instance: string, execution: string) => Number(countTasks(instance, execution)[0]?.number),
    /** The tasks that the orchestrator's actions asked for, in the order of the actions. */
    listActions: (instance: string, execution: string) =>
      selectActions(instance, execution).map((row) => actionRow.parse(row)),
    listOpenActivities: (): Task[] => openActivities(),
    listDueTimers: (now: Date): Task[] => dueTimers(now.toISOString()),
    /** When the next timer fires, if any is set. */
    findNextDue(): Date | undefined {
      const fireAt = nextDue()[0]?.fireAt;
      return typeof fireAt === 'string' ? new Date(fireAt) : undefined;
    },
    addTask({ instance, execution, id, spec }: Task): void {
      const [name, fireAt] = spec.kind === 'timer' ? [null, spec.fireAt] : [spec.name, null];
      const text = JSON.stringify(spec);
      addTask(instance, execution, id, spec.kind, name, spec.action ?? null, fireAt, text);
    },
    /** Marks a task as ended; `false` when it had ended before. */
    closeTask: (instance: string, execution: string, id: number) => closeTask(instance, execution, id) === 1,
    /** Takes what was removed out of the log of changes, too, which otherwise keeps it until that is full. */
    clearLog(): void {
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    },
    /** Forgets what an orchestration waits for. Activities that were asked for run all the same, as on Azure. */
    forgetWork(id: string): void {
      forgetTasks(id);
      forgetInbox(id);
    },
  };
}

/** A history event as JSON text of the wire. */
export function asWire(event: string, played: boolean): string {
  return `{"IsPlayed":${played},${event.slice(1)}`;
}

function readInstance(row: unknown): Instance {
  return instanceSchema.parse(JSON.parse(jsonRow.parse(row).json));
}

function readEvent(row: unknown): HistoryEvent {
  return eventSchema.parse(JSON.parse(jsonRow.parse(row).json));
}

function readTask(row: unknown): Task {
  const { spec, ...task } = taskRow.parse(row);
  return { ...task, spec: taskSpec.parse(JSON.parse(spec)) };
}
