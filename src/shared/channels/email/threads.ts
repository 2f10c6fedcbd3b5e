import pMap from 'p-map';
import * as z from 'zod';
import { parseJson } from '../../json.ts';
import type { Container } from '../../storage/container.ts';
import { storageUnavailable } from '../../storage/storage-errors.ts';
import { hashOf } from './hash.ts';
import { type Followed, openThreadNodes, type ThreadNode } from './thread-nodes.ts';

interface Options {
  signal?: AbortSignal;
}

interface JoinOptions extends Options {
  /** False where only a mail says so whose sender nobody vouches for. */
  isTrusted: boolean;
}

type Ids = readonly [string, ...string[]];

/**
 * Which conversation a mail belongs to: one small blob for each Message-Id, and for each operation id of a mail that we
 * sent. Ids go without angle brackets. Errors are those of the storage client.
 */
export interface MailThreads {
  /** The conversation of the first of these ids that is known. */
  find(ids: readonly string[], options?: Options): Promise<string | undefined>;
  /**
   * Notes that all these ids are of one thread, and returns its conversation: that of the first id known, or else the
   * first id itself. Conversations that turn out to be one become one, in which the oldest goes on. On the word of
   * somebody who may not be believed they do not: that only adds ids not yet known, until another tells of them.
   */
  join(ids: Ids, options: JoinOptions): Promise<string>;
  /** The conversation of an id (or the id itself), and then all that became part of it. */
  together(id: string, options?: Options): Promise<[string, ...string[]]>;
  /** Takes a Message-Id for a mail, `content` being a hash of what it says: the first to come keeps it. */
  claim(id: string, content: string, options?: Options): Promise<Claim>;
}

export interface Claim {
  /** False where another mail came first. */
  isOurs: boolean;
  /** When the first one came, ISO 8601 UTC. */
  since: string;
}

const claimed = z.object({ content: z.string(), since: z.string() });

/** Somebody else wrote first so often that it is no race. */
const mostTries = 8;
const mostTogether = 200;
const concurrency = 16;

/**
 * Opens the aliases kept in a container. What has been a conversation is only ever pointed at an older one, so that no
 * chain closes, whoever writes at the same time.
 */
export function openMailThreads(container: Container, { clock }: { clock: () => Date }): MailThreads {
  const nodes = openThreadNodes(container, { clock });

  const followAll = (ids: readonly string[], options?: Options): Promise<Followed[]> =>
    pMap(new Set(ids), (id) => nodes.follow(id, options), { concurrency });

  /** False where one of them has changed since it was read. */
  const writeAll = async (changed: readonly ThreadNode[], options: Options): Promise<boolean> =>
    (await pMap(changed, (node) => nodes.write(node, options), { concurrency })).every(Boolean);

  /** Undefined where somebody else wrote in the meantime: then all is to be looked at again. */
  const tryToJoin = async (ids: Ids, { isTrusted, signal }: JoinOptions): Promise<string | undefined> => {
    const followed = await followAll(ids, { signal });
    const isFree = ({ own }: Followed): boolean => !own || (isTrusted && own.isClaim === true);
    const known = uniqueRoots(followed.filter((each) => !isFree(each)));
    const chosen = isTrusted ? known.toSorted(byAge)[0] : known[0];
    const root = chosen ?? { ...nodes.begin(ids[0]), etag: followed[0]?.own?.etag };
    const parts = isTrusted ? known.filter(({ id }) => id !== root.id) : [];

    // The list before the links: what breaks off between them reads together what is about to be one.
    const also = [...new Set([...(root.also ?? []), ...parts.map(({ id }) => id)])];
    const isRootAsItIs = chosen?.etag !== undefined && parts.length === 0;
    if (!isRootAsItIs && !(await nodes.write({ ...root, also }, { signal }))) return undefined;

    const conversation = root.id;
    const added = followed.filter((each) => each.id !== conversation && isFree(each));
    const isWritten = await writeAll(
      [
        ...parts.map((part) => ({ ...part, conversation })),
        ...added.map(({ id, own }) => ({
          ...nodes.begin(id),
          conversation,
          etag: own?.etag,
          ...(isTrusted ? {} : { isClaim: true }),
        })),
      ],
      { signal },
    );
    if (!isWritten) return undefined;
    // It only saves later mails the way: whoever wrote in the meantime knows better.
    await writeAll(followed.flatMap(shortened), { signal });
    return conversation;
  };

  return {
    async find(ids, options) {
      const followed = await followAll(ids, options);
      return followed.find(({ root }) => root)?.root?.id;
    },
    async join(ids, options) {
      for (let tries = 0; tries < mostTries; tries += 1) {
        const conversation = await tryToJoin(ids, options);
        if (conversation !== undefined) return conversation;
      }
      throw storageUnavailable(new Error('others keep writing about the same mail thread'));
    },
    async together(id, options) {
      const conversation = (await nodes.follow(id, options)).root?.id ?? id;
      const parts = new Set([conversation]);
      for (const part of parts) {
        for (const also of (await nodes.read(part, options))?.also ?? []) {
          if (parts.size < mostTogether) parts.add(also);
        }
      }
      parts.delete(conversation);
      return [conversation, ...parts];
    },
    async claim(id, content, { signal } = {}) {
      const name = `${hashOf(id)}.claim.json`;
      const since = clock().toISOString();
      const isFirst = await container.write(name, JSON.stringify({ content, since }), {
        contentType: 'application/json',
        replaces: 'none',
        signal,
      });
      if (isFirst) return { isOurs: true, since };
      const first = claimed.parse(parseJson((await container.read(name, { signal }))?.text ?? ''));
      return { isOurs: first.content === content, since: first.since };
    },
  };
}

function uniqueRoots(followed: readonly Followed[]): ThreadNode[] {
  const roots = new Map<string, ThreadNode>();
  for (const { root } of followed) if (root) roots.set(root.id, root);
  return [...roots.values()];
}

/** An order that never changes, whoever compares. */
function byAge(a: ThreadNode, b: ThreadNode): number {
  return a.since < b.since || (a.since === b.since && a.id < b.id) ? -1 : 1;
}

function shortened({ passed, root }: Followed): ThreadNode[] {
  return root ? passed.slice(0, -1).map((node) => ({ ...node, conversation: root.id })) : [];
}
