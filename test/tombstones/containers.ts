import type { Container } from '../../src/shared/storage/container.ts';
import { storageUnavailable } from '../../src/shared/storage/storage-errors.ts';

/** The same container, which counts what is asked of it. */
export function countedContainer(inner: Container) {
  let counts = { read: 0, write: 0, pages: 0 };
  const container: Container = {
    ...inner,
    read(...request) {
      counts.read += 1;
      return inner.read(...request);
    },
    write(...request) {
      counts.write += 1;
      return inner.write(...request);
    },
    pages(...request) {
      counts.pages += 1;
      return inner.pages(...request);
    },
  };
  const spent = () => {
    const before = counts;
    counts = { read: 0, write: 0, pages: 0 };
    return before;
  };
  return { container, spent };
}

interface Fails {
  read?(name: string): boolean;
  write?(name: string): boolean;
}

/** The same container, to which storage does not answer for some blobs. */
export function failingContainer(inner: Container, { read, write }: Fails): Container {
  const down = (): Error => storageUnavailable(new Error('down'));
  return {
    ...inner,
    read: async (name, options) => {
      if (read?.(name)) throw down();
      return inner.read(name, options);
    },
    write: async (name, text, options) => {
      if (write?.(name)) throw down();
      return inner.write(name, text, options);
    },
  };
}
