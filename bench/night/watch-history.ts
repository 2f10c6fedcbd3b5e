import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const everyMilliseconds = 50;

/**
 * Watches how large the history of an orchestration gets, in bytes of JSON as the host hands it to the app. It reads the
 * local host's own database, because each round of the orchestration forgets the history of the one before.
 */
export function watchHistory(dataFolder: string, instance: string): { stop(): number } {
  const file = join(dataFolder, 'functions-host', 'functions-host.sqlite');
  const database = new DatabaseSync(file, { readOnly: true });
  const query = database.prepare(
    'SELECT coalesce(sum(length(CAST(json AS BLOB))), 0) AS bytes FROM history WHERE instance = ?',
  );
  let most = 0;
  const look = (): void => {
    most = Math.max(most, Number(query.get(instance)?.bytes ?? 0));
  };
  const timer = setInterval(look, everyMilliseconds);
  return {
    stop() {
      clearInterval(timer);
      look();
      database.close();
      return most;
    },
  };
}
