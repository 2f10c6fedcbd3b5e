import { DatabaseSync } from 'node:sqlite';

/** A lock ends with its database object, so a caller that keeps nothing must not have it garbage collected. */
const held = new Set<DatabaseSync>();

/**
 * Takes the exclusive lock that `file` stands for, and keeps it until the returned function is called or this process
 * ends. Undefined when another process holds it.
 *
 * The operating system drops SQLite's lock together with its holder, however that ends; a file with a process id in it
 * would survive a SIGKILL, and could name a stranger who was given the id later.
 */
export function holdLock(file: string): (() => void) | undefined {
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  held.add(database);
  return () => {
    held.delete(database);
    database.close();
  };
}

/** https://www.sqlite.org/rescode.html#busy */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5;
}
