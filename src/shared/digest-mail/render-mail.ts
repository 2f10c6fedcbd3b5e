/** A line of a mail; with `url` it leads there. */
export type Line = string | { text: string; url?: string };

export interface Block {
  title?: string;
  lines: readonly Line[];
}

/** Text for mail programs that show no HTML. */
export function renderText(title: string, blocks: readonly Block[]): string {
  const parts = blocks.map((block) =>
    [...(block.title === undefined ? [] : [oneLine(block.title)]), ...block.lines.map(textOf)].join('\n'),
  );
  return `${[title, ...parts].join('\n\n')}\n`;
}

/** Nothing in it is anybody else's HTML, and it loads nothing. */
export function renderHtml(title: string, blocks: readonly Block[]): string {
  const parts = blocks.map((block) => {
    const items = block.lines.map((line) => `<li>${htmlOf(line)}</li>`).join('');
    return `${block.title === undefined ? '' : `<h2>${escapeHtml(block.title)}</h2>`}<ul>${items}</ul>`;
  });
  return `<!doctype html><html><head><meta charset="utf-8"></head><body><h1>${escapeHtml(title)}</h1>${parts.join('')}</body></html>`;
}

function textOf(line: Line): string {
  const { text, url } = typeof line === 'string' ? { text: line, url: undefined } : line;
  return url === undefined ? `- ${oneLine(text)}` : `- ${oneLine(text)}\n  ${url}`;
}

function htmlOf(line: Line): string {
  const { text, url } = typeof line === 'string' ? { text: line, url: undefined } : line;
  return url === undefined ? escapeHtml(text) : `<a href="${escapeHtml(url)}">${escapeHtml(text)}</a>`;
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}

function escapeHtml(text: string): string {
  const names: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return oneLine(text).replace(/[&<>"']/g, (character) => names[character] ?? '');
}
