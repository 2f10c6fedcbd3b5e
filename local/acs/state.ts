import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Records of one kind, in the order of their ids. */
export interface Collection<Value> {
  get(id: string): Value | undefined;
  put(id: string, value: Value): void;
  delete(id: string): boolean;
  /** Those whose id begins with `prefix`, after the id `after` (before it, when `newestFirst`), at most `limit`. */
  list(options?: ListOptions): { id: string; value: Value }[];
  /** All of the same, without their ids. */
  values(options?: ListOptions): Value[];
  count(prefix?: string): number;
}

export interface ListOptions {
  prefix?: string;
  after?: string;
  /** All where none is given. */
  limit?: number;
  newestFirst?: boolean;
}

/** All that the emulator remembers, in one SQLite file. What was written outlives the process, however it ends. */
export interface State {
  collection<Value>(name: string): Collection<Value>;
  /** All of `work` or nothing. Transactions do not nest: an inner one joins the outer. */
  transaction<Result>(work: () => Result): Result;
  /** Deletes everything but the collections of these names. */
  clear(keep: readonly string[]): void;
  close(): void;
}

/** As SQLite has it. */
const unlimited = -1;

/** Opens or creates the file; `:memory:` forgets everything when closed. */
export function openState(file: string): State {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS records (
      collection TEXT NOT NULL,
      id TEXT NOT NULL,
      value TEXT NOT NULL,
      PRIMARY KEY (collection, id)
    ) WITHOUT ROWID, STRICT;
  `);
  const get = database.prepare('SELECT value FROM records WHERE collection = ? AND id = ?');
  const put = database.prepare('INSERT OR REPLACE INTO records VALUES (?, ?, ?)');
  const remove = database.prepare('DELETE FROM records WHERE collection = ? AND id = ?');
  // One bound at each end: of two, SQLite would search with one and then read on to the other.
  const from = (bound: '>' | '>=') => `collection = ? AND id ${bound} ? AND id < ?`;
  const select = 'SELECT id, value FROM records WHERE';
  const ascending = database.prepare(`${select} ${from('>=')} ORDER BY id LIMIT ?`);
  const ascendingAfter = database.prepare(`${select} ${from('>')} ORDER BY id LIMIT ?`);
  const descending = database.prepare(`${select} ${from('>=')} ORDER BY id DESC LIMIT ?`);
  const count = database.prepare(`SELECT count(*) AS count FROM records WHERE ${from('>=')}`);
  const clear = database.prepare(
    'DELETE FROM records WHERE collection NOT IN (SELECT value FROM json_each(?))',
  );
  let isOpen = false;

  return {
    // What is stored under a name is what was put there: each name belongs to one module, which knows its type.
    collection<Value>(name: string): Collection<Value> {
      const list: Collection<Value>['list'] = (options = {}) => {
        const { prefix = '', after, limit = unlimited, newestFirst = false } = options;
        const end = `${prefix}\u{10ffff}`;
        const beyond =
          after !== undefined && (newestFirst ? after < end : after >= prefix) ? after : undefined;
        const rows = newestFirst
          ? descending.all(name, prefix, beyond ?? end, limit)
          : (beyond === undefined ? ascending : ascendingAfter).all(name, beyond ?? prefix, end, limit);
        return rows.map(({ id, value }) => ({ id: String(id), value: JSON.parse(String(value)) }));
      };
      return {
        get(id) {
          const row = get.get(name, id);
          return row ? JSON.parse(String(row.value)) : undefined;
        },
        put(id, value) {
          put.run(name, id, JSON.stringify(value));
        },
        delete: (id) => remove.run(name, id).changes > 0,
        list,
        values: (options) => list(options).map(({ value }) => value),
        count: (prefix = '') => Number(count.get(name, prefix, `${prefix}\u{10ffff}`)?.count ?? 0),
      };
    },
    transaction(work) {
      if (isOpen) return work();
      database.exec('BEGIN IMMEDIATE');
      isOpen = true;
      try {
        const result = work();
        database.exec('COMMIT');
        return result;
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      } finally {
        isOpen = false;
      }
    },
    clear(keep) {
      clear.run(JSON.stringify(keep));
    },
    close: () => database.close(),
  };
}
