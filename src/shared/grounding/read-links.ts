/** Web addresses, mail addresses, names of hosts and files, and the marks of what is masked. */
const links =
  /(?:[a-z][a-z0-9+.-]{1,15}:\/\/|www\.|mailto:|\/\/)[^\s<>"'“”`|\\^{}[\]]{1,2000}|[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,6}|(?<![\p{L}\p{N}.])[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){0,6}\.\p{L}{2,24}(?![\p{L}\p{N}])(?:[/:?#][^\s<>"'“”`|\\^{}[\]]{0,2000})?|\b(?:javascript|data|vbscript):[^\s]{1,2000}|••••(?:\s\d{4})?|\[(?:IBAN|secret|national id)\]/giu;

export interface ReadLink {
  /** In small letters, without what may be left out. */
  link: string;
  index: number;
  length: number;
}

export function readLinks(text: string): ReadLink[] {
  return [...text.matchAll(links)].flatMap(({ 0: whole, index }) => {
    const kept = whole.replace(/[.,;:!?)\]}…*_]+$/u, '');
    // An abbreviation, or a sentence that begins without a space.
    if (!/[@:/•[]/.test(kept) && isNoLink(kept)) return [];
    return [{ link: normalize(kept), index, length: kept.length }];
  });
}

/** `e.g`, `p.m`, `done.Thanks`. */
const isNoLink = (text: string): boolean =>
  /^(?:\p{L}\.)+\p{L}{1,2}$/u.test(text) || /\.\p{Lu}\p{Ll}*$/u.test(text) || !/^[\w.-]+$/.test(text);

export function normalize(link: string): string {
  return link
    .toLowerCase()
    .replace(/^(?:https?:)?\/\/|^mailto:/, '')
    .replace(/^www\./, '')
    .replace(/[/?#]+$/, '');
}

export const hostOf = (link: string): string => link.replace(/[/:?#].*$/s, '');
