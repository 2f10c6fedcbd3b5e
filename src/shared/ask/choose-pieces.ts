import { rankDocuments } from '../search/rank-documents.ts';
import type { Piece } from './piece.ts';

/** What has a smaller share than this of the best one's score is about something else. */
const leastShare = 0.15;

/** Those that are about a topic, the best first; all of them, the newest first, where there is none. */
export async function choosePieces(pieces: readonly Piece[], topic: string | undefined): Promise<Piece[]> {
  if (topic === undefined) return pieces.toSorted((a, b) => (a.to > b.to ? -1 : 1));
  const documents = pieces.map((piece, place) => ({
    id: String(place),
    title: [piece.topic ?? '', piece.headline, ...piece.people].join(' '),
    text: [
      ...piece.sentences.map(({ text }) => text),
      ...piece.messages.map(({ text }) => text),
      ...piece.actionItems.map(({ text }) => text),
    ].join('\n'),
  }));
  const ranked = await rankDocuments(documents, topic);
  const best = ranked[0]?.score ?? 0;
  return ranked
    .filter(({ score }) => score >= leastShare * best)
    .flatMap(({ id }) => pieces[Number(id)] ?? []);
}
