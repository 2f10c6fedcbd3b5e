import { secretRules } from './secret-rules.ts';
import type { Span } from './span.ts';

const shown = '[secret]';
const blockBegins = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20}-----/g;
const blockEnds = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20}-----/g;
/** Of a block that was cut off. */
const keyText = /[A-Za-z0-9+/=\s:,-]*/y;

const indexedRules = secretRules.map((rule) => ({
  ...rule,
  pattern: new RegExp(rule.pattern.source, `${rule.pattern.flags}d`),
}));

/** Passwords, keys, tokens and codes, as `secret-rules.ts` tells them; shown as `[secret]`. */
export function findSecrets(text: string): Span[] {
  const spans = findKeyBlocks(text);
  for (const { pattern, isSecret = () => true } of indexedRules) {
    for (const { index, groups, indices, 0: whole } of text.matchAll(pattern)) {
      const value = (groups?.value ?? whole).replace(/[.,;:!?)\]}'’]+$/u, '');
      const start = indices?.groups?.value?.[0] ?? index;
      const end = start + value.length;
      const after = text.slice(end, end + 10);
      if (value === '' || !isSecret(value, { after, isAssigned: groups?.sign !== undefined })) continue;
      spans.push({ start, end, shown });
    }
  }
  return spans;
}

function findKeyBlocks(text: string): Span[] {
  const spans: Span[] = [];
  blockBegins.lastIndex = 0;
  for (let match = blockBegins.exec(text); match; match = blockBegins.exec(text)) {
    blockEnds.lastIndex = blockBegins.lastIndex;
    const close = blockEnds.exec(text);
    keyText.lastIndex = blockBegins.lastIndex;
    const end = close ? blockEnds.lastIndex : blockBegins.lastIndex + (keyText.exec(text)?.[0].length ?? 0);
    spans.push({ start: match.index, end, shown });
    blockBegins.lastIndex = end;
  }
  return spans;
}
