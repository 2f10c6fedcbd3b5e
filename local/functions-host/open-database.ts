import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Opens the host's one file, `functions-host.sqlite`. With these settings whatever was committed survives the end of the
 * process at any point. A power cut may take the last moments; what is left fits together
 * (https://www.sqlite.org/pragma.html#pragma_synchronous).
 */
export function openDatabase(dataFolder: string): DatabaseSync {
  mkdirSync(dataFolder, { recursive: true });
  const database = new DatabaseSync(join(dataFolder, 'functions-host.sqlite'));
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;');
  // What is removed is overwritten, not only left to be.
  database.exec('PRAGMA secure_delete = ON;');
  return database;
}
