import { ParleyError } from '../errors.ts';

/** The media type of `offers` that an Accept header wants most; the first offer where it does not care. */
export function negotiate<Offer extends string>(
  accept: string | null,
  offers: readonly [Offer, ...Offer[]],
): Offer {
  if (!accept?.trim()) return offers[0];
  const ranges = accept.split(',').map(parseRange);
  const ranked = offers
    .map((offer, order) => ({ offer, order, quality: qualityOf(offer, ranges) }))
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality || a.order - b.order);
  if (ranked[0]) return ranked[0].offer;
  throw new ParleyError(
    'not_acceptable',
    `This address answers ${offers.join(', ')}: name one of them in Accept.`,
  );
}

interface Range {
  type: string;
  quality: number;
}

function parseRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  const quality = weight === undefined ? 1 : Number(weight);
  return { type, quality: Number.isFinite(quality) ? quality : 0 };
}

/** The most specific range that fits decides (RFC 9110, section 12.5.1). */
function qualityOf(offer: string, ranges: readonly Range[]): number {
  const family = `${offer.split('/')[0]}/*`;
  for (const type of [offer, family, '*/*']) {
    const range = ranges.find((candidate) => candidate.type === type);
    if (range) return range.quality;
  }
  return 0;
}
