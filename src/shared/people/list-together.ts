import { conversationPath } from '../transcripts/conversation-path.ts';
import { earliest } from './participation.ts';
import type { PeopleIndex } from './people-index.ts';
import { type TakingPart, united } from './taking-part.ts';

type Options = Parameters<PeopleIndex['list']>[1];

/**
 * All that somebody takes or took part in under any of several identities, in key order and each conversation once, its
 * periods united. What the first of the identities tells of it counts before what others do.
 */
export async function* listTogether(
  { list }: Pick<PeopleIndex, 'list'>,
  identities: readonly string[],
  options?: Options,
): AsyncGenerator<TakingPart> {
  const heads = await Promise.all(identities.map((identity) => advance(list(identity, options))));
  for (;;) {
    const paths = heads.flatMap(({ path }) => path ?? []);
    const [least] = paths.sort();
    if (least === undefined) return;
    const found: TakingPart[] = [];
    for (const [place, { path, takingPart, listing }] of heads.entries()) {
      if (path !== least || !takingPart) continue;
      found.push(takingPart);
      heads[place] = await advance(listing);
    }
    const [one, ...more] = found;
    if (one) yield more.length === 0 ? one : unite(one, more);
  }
}

interface Head {
  listing: AsyncGenerator<TakingPart>;
  takingPart?: TakingPart;
  path?: string;
}

async function advance(listing: AsyncGenerator<TakingPart>): Promise<Head> {
  const { value: takingPart } = await listing.next();
  return takingPart ? { listing, takingPart, path: conversationPath(takingPart.conversation) } : { listing };
}

function unite(one: TakingPart, more: readonly TakingPart[]): TakingPart {
  const all = [one, ...more];
  const addressedFrom = earliest(all.map((each) => each.addressedFrom));
  const name = all.find((each) => each.name !== undefined)?.name;
  return {
    identity: one.identity,
    conversation: one.conversation,
    periods: united(all.flatMap(({ periods }) => periods)),
    ...(addressedFrom === undefined ? {} : { addressedFrom }),
    ...(name === undefined ? {} : { name }),
  };
}
