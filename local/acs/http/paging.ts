import { AcsError, type AcsRequest } from '../exchange.ts';

/** A page of a list that is short enough to be read whole: `size` of its values after the first `skip` of the query. */
export function slicePage<Value>(request: AcsRequest, values: readonly Value[], size: number) {
  const skip = numberIn(request.url, 'skip', 0) ?? 0;
  const end = skip + size;
  const nextLink = end < values.length ? nextLinkOf(request, { skip: String(end) }) : undefined;
  return { value: values.slice(skip, end), nextLink };
}

/** The address of the next page: the same request with other marks. */
export function nextLinkOf({ url, origin }: AcsRequest, marks: Record<string, string>): string {
  const query = new URLSearchParams(url.search);
  for (const [name, value] of Object.entries(marks)) query.set(name, value);
  return `${origin}${url.pathname}?${query}`;
}

/** A number of the query, undefined where it has none; throws `AcsError` 400 for what is no number, or less than `least`. */
export function numberIn(url: URL, name: string, least: number): number | undefined {
  const text = url.searchParams.get(name);
  if (text === null) return undefined;
  if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
  throw new AcsError(400, 'BadRequest', `${name} must be a whole number of at least ${least}.`, {}, name);
}
