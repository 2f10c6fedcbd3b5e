import type { Container } from '../../storage/container.ts';
import { storageUnavailable } from '../../storage/storage-errors.ts';
import { nodeName, openThreadNodes, type ThreadNode } from './thread-nodes.ts';

interface Judgement {
  /** Ids of conversations of which nothing stays. */
  whole: ReadonlySet<string>;
  isTraced: (text: string) => boolean;
}

interface Options {
  signal: AbortSignal;
}

type EraseNode = (name: string, options: Options) => Promise<number>;

/** Mails come in so fast that it is no race. */
const mostTries = 8;

/**
 * Makes what removes one node, by the name of its blob, if it has to go, and returns how many it removed or wrote anew.
 * What was read together stays together. It can break off anywhere and be done again.
 */
export function createNodeEraser(container: Container, { whole, isTraced }: Judgement): EraseNode {
  const nodes = openThreadNodes(container, { clock: () => new Date() });
  /** Asked once a sweep: all nodes of a thread name its conversation. */
  const known = new Map<string, Promise<Thread>>();

  function threadOf(conversation: string, signal: AbortSignal): Promise<Thread> {
    const thread = known.get(conversation) ?? readThread(conversation, signal);
    known.set(conversation, thread);
    return thread;
  }

  /** A conversation with all that became part of it. */
  async function readThread(conversation: string, signal: AbortSignal): Promise<Thread> {
    const parts = new Set([conversation]);
    const found: ThreadNode[] = [];
    for (const id of parts) {
      const node = await nodes.read(id, { signal });
      if (!node) continue;
      found.push(node);
      for (const part of node.also ?? []) parts.add(part);
    }
    const staying = found.filter(({ id }) => id !== conversation && !whole.has(id));
    return { parts, nodes: found, staying };
  }

  /** Undefined where somebody wrote it meanwhile. */
  async function tryToErase(node: ThreadNode, signal: AbortSignal): Promise<number | undefined> {
    const { id, conversation, etag } = node;
    const remove = async () => ((await container.remove(nodeName(id), { etag, signal })) ? 1 : undefined);
    if (whole.has(id)) {
      if (conversation !== id) return (await passOn(node, signal)) ? remove() : undefined;
      // What stays is found by it.
      return (await readThread(id, signal)).staying.length > 0 ? 0 : remove();
    }
    if (conversation === id) return 0;
    if (!whole.has(conversation) && !isTraced(id)) return 0;
    const root = (await nodes.follow(id, { signal })).root?.id ?? conversation;
    const { parts, staying } = await threadOf(root, signal);
    if (parts.has(id)) return 0;
    // What names a root that stays may be of any of its parts.
    const mayStay = !whole.has(conversation) || (root === conversation && staying.length > 0);
    return mayStay && !isTraced(id) ? 0 : remove();
  }

  /** What became part of a part, and stays, becomes part of what lists that. False where somebody wrote meanwhile. */
  async function passOn(part: ThreadNode, signal: AbortSignal): Promise<boolean> {
    const { staying } = await readThread(part.id, signal);
    const root = (await nodes.follow(part.id, { signal })).root?.id ?? part.conversation;
    const above = await readThread(root, signal);
    if (above.nodes.length === 0 && staying.length > 0) {
      const also = staying.map(({ id }) => id);
      if (!(await nodes.write({ ...nodes.begin(root), also }, { signal }))) return false;
    }
    for (const lister of above.nodes.filter(({ also }) => also?.includes(part.id))) {
      const others = (lister.also ?? []).filter((id) => id !== part.id);
      const also = [...new Set([...others, ...staying.map(({ id }) => id)])];
      if (!(await nodes.write({ ...lister, also }, { signal }))) return false;
    }
    for (const node of staying.filter(
      ({ conversation }) => whole.has(conversation) && conversation !== root,
    )) {
      if (!(await nodes.write({ ...node, conversation: root }, { signal }))) return false;
    }
    return true;
  }

  return async function eraseNode(name, { signal }) {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const node = await nodes.readBlob(name, { signal });
      const erased = node ? await tryToErase(node, signal) : 0;
      if (erased !== undefined) return erased;
    }
    throw storageUnavailable(new Error('others keep writing about the same mail thread'));
  };
}

/** A conversation, and what became part of it. */
interface Thread {
  parts: ReadonlySet<string>;
  nodes: ThreadNode[];
  /** Parts of which something stays. */
  staying: ThreadNode[];
}
