import { createRequire } from 'node:module';

type Saved = (error?: unknown) => void;

/** The part of LokiJS, Azurite's database, that writes a serialised database to its file. */
interface Loki {
  LokiFsAdapter: { prototype: { saveDatabase(name: string, text: string, saved: Saved): void } };
}

/**
 * Tells when everything that Azurite began to save is on disk. Its own close does not wait for a save that is under way
 * when nothing has changed since that began, so that a process that exits then loses all since the save before: up to
 * five seconds, and the longer a save takes, the likelier. Call it before Azurite is loaded.
 */
export function trackSaves(): () => Promise<void> {
  const loki: Loki = createRequire(createRequire(import.meta.url).resolve('azurite/package.json'))('lokijs');
  const { prototype } = loki.LokiFsAdapter;
  const { saveDatabase } = prototype;
  const underWay = new Set<Promise<void>>();
  prototype.saveDatabase = function saveDatabaseTracked(name, text, saved) {
    const { promise, resolve } = Promise.withResolvers<void>();
    underWay.add(promise);
    saveDatabase.call(this, name, text, (error) => {
      underWay.delete(promise);
      saved(error);
      resolve();
    });
  };
  return async () => {
    while (underWay.size > 0) await Promise.all(underWay);
  };
}
