/** Joins the lines that `format=flowed` broke, never lines of another quote depth (RFC 3676, section 4). */
export function unflow(text: string, { deleteSpace }: { deleteSpace: boolean }): string {
  const lines: { depth: number; text: string; isOpen: boolean }[] = [];
  for (const line of text.split('\n')) {
    const depth = /^>*/.exec(line)?.[0].length ?? 0;
    const content = line.slice(depth).replace(/^ /, '');
    const isSignature = content === '-- ';
    const isOpen = content.endsWith(' ') && !isSignature;
    const kept = isOpen && deleteSpace ? content.slice(0, -1) : content;
    const last = lines.at(-1);
    if (last?.isOpen && last.depth === depth && !isSignature) {
      last.text += kept;
      last.isOpen = isOpen;
    } else lines.push({ depth, text: kept, isOpen });
  }
  return lines
    .map((line) => (line.depth > 0 ? `${'>'.repeat(line.depth)} ${line.text}` : line.text))
    .join('\n');
}
