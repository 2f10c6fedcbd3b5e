import type { Container } from '../../src/shared/storage/container.ts';

/** Runs one operation. */
export type Around = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Stops everything, as when the process is killed, before or after the operation of that number. */
export function createReaper(at: number, when: 'before' | 'after') {
  let operations = 0;
  const { promise: death, resolve: die } = Promise.withResolvers<'dead'>();
  const never = new Promise<never>(() => {});
  const around: Around = async (work) => {
    operations += 1;
    const isLast = operations === at;
    if (operations > at || (isLast && when === 'before')) {
      die('dead');
      return never;
    }
    const result = await work();
    if (!isLast) return result;
    die('dead');
    return never;
  };
  return {
    death,
    around,
    hasStruck: () => operations >= at,
    mortal: (container: Container): Container => wrapContainer(container, around),
  };
}

/** Each call that reads, writes or removes is an operation. */
export function wrapContainer(container: Container, around: Around): Container {
  return {
    ...container,
    read: (...all) => around(() => container.read(...all)),
    write: (...all) => around(() => container.write(...all)),
    remove: (...all) => around(() => container.remove(...all)),
    removeAll: (...all) => around(() => container.removeAll(...all)),
  };
}
