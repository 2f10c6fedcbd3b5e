import { createRequire } from 'node:module';

/** The part of LokiJS, Azurite's database, that answers which document has these properties. */
interface Loki {
  Collection: { prototype: { findOne(query: Record<string, unknown>): unknown } };
}

/**
 * Lets Azurite find a blob by the index of names that it has. It asks for account, container and name in this order,
 * and LokiJS uses the index of the first alone: with one account it looks at every blob at every request, so that a
 * night over many conversations would measure that and little else. The answers stay the same.
 */
export function findByName(): void {
  const loki: Loki = createRequire(createRequire(import.meta.url).resolve('azurite/package.json'))('lokijs');
  const { prototype } = loki.Collection;
  const { findOne } = prototype;
  prototype.findOne = function findOneByName(query) {
    const { name, ...rest } = query;
    return findOne.call(this, name === undefined ? query : { name, ...rest });
  };
}
