/**
 * Text from people as Markdown that shows exactly that text: no markup, link, image or HTML of its own. Line breaks
 * become spaces: whoever wants them splits before.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_[\]<>|~&]/g, '\\$&')
    .replaceAll(/\/(?=\/)|(?<=mailto|xmpp|tel):|(?<=www)\.|@/gi, '\\$&')
    .replace(/#+$/, (marks) => marks.replaceAll('#', '\\#'))
    .replace(/^(\s*)([#+=-]|\d{1,9}(?=[.)]))/, (_, space: string, mark: string) =>
      /\d/.test(mark) ? `${space}${mark}\\` : `${space}\\${mark}`,
    );
}
