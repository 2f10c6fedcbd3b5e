import * as z from 'zod';
import { parseJson } from '../../json.ts';
import type { Container } from '../../storage/container.ts';
import { hashOf } from './hash.ts';

const schema = z.object({
  id: z.string(),
  /** The conversation that it belongs to, or one that became part of another. Its own id: it is a conversation itself. */
  conversation: z.string(),
  /** When it became known, ISO 8601 UTC: of two conversations that turn out to be one, the older goes on. */
  since: z.string(),
  /** Conversations that became part of this one. */
  also: z.array(z.string()).optional(),
  /** True where only an unverified mail says so: whoever may be believed overrules it. */
  isClaim: z.boolean().optional(),
});

/** What is known of one id, as it lies in storage; without an ETag, as it is to lie there where nothing is. */
export interface ThreadNode extends z.infer<typeof schema> {
  etag?: string;
}

/** An id, its node where it has one, the conversation at the end of its chain, and the nodes between. */
export interface Followed {
  id: string;
  own?: ThreadNode;
  root?: ThreadNode;
  passed: ThreadNode[];
}

export interface ThreadNodes {
  read(id: string, options?: { signal?: AbortSignal }): Promise<ThreadNode | undefined>;
  /** By the name of its blob, as a listing has it. */
  readBlob(name: string, options?: { signal?: AbortSignal }): Promise<ThreadNode | undefined>;
  /** False where somebody else wrote it in the meantime. */
  write(node: ThreadNode, options?: { signal?: AbortSignal }): Promise<boolean>;
  follow(id: string, options?: { signal?: AbortSignal }): Promise<Followed>;
  /** The node of a conversation that begins now. */
  begin(id: string): ThreadNode;
}

/** Chains are shortened with every mail: a longer one has been tampered with. */
const longestChain = 1_000;

export function openThreadNodes(container: Container, { clock }: { clock: () => Date }): ThreadNodes {
  const readBlob: ThreadNodes['readBlob'] = async (name, { signal } = {}) => {
    const blob = await container.read(name, { signal });
    const known = blob && schema.safeParse(parseJson(blob.text)).data;
    return known && { ...known, etag: blob.etag };
  };
  const read: ThreadNodes['read'] = (id, options) => readBlob(nodeName(id), options);
  const begin = (id: string): ThreadNode => ({ id, conversation: id, since: clock().toISOString() });

  return {
    read,
    readBlob,
    begin,
    write: ({ etag, ...value }, { signal } = {}) =>
      container.write(nodeName(value.id), JSON.stringify(value), {
        contentType: 'application/json',
        // Erasing must find the nodes of a conversation in a listing.
        metadata: { conversation: hashOf(value.conversation) },
        replaces: etag === undefined ? 'none' : { etag },
        signal,
      }),
    async follow(id, options) {
      const own = await read(id, options);
      const passed: ThreadNode[] = [];
      let root = own;
      while (root && root.conversation !== root.id) {
        passed.push(root);
        if (passed.length > longestChain) throw new Error('a chain of mail threads does not end');
        root = (await read(root.conversation, options)) ?? begin(root.conversation);
      }
      return { id, passed, ...(own ? { own } : {}), ...(root ? { root } : {}) };
    },
  };
}

export function nodeName(id: string): string {
  return `${hashOf(id)}.json`;
}
