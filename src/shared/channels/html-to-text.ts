import { compile } from 'html-to-text';

/** Characters. */
const longestHtml = 1024 ** 2;

/**
 * Only formatters that take nothing from the HTML but its text: those for tables and numbered lists act on numbers in
 * it, with which one message could occupy the process for minutes.
 */
const convert = compile({
  wordwrap: false,
  preserveNewlines: false,
  limits: { maxDepth: 100 },
  formatters: {
    /** Chat clients write emoji as images with the character as their alternative text. */
    alternativeText: (element, _walk, builder) => {
      const text: unknown = element.attribs?.alt;
      if (typeof text === 'string') builder.addInline(text);
    },
  },
  selectors: [
    { selector: 'a', options: { ignoreHref: true } },
    { selector: 'img', format: 'alternativeText' },
    { selector: 'ol', format: 'unorderedList' },
    { selector: 'table', format: 'block' },
    { selector: 'tr', format: 'block' },
    { selector: 'td', format: 'paragraph', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
  ],
});

/** The plain-text form of an HTML message: what a person would read, without addresses of links and images. */
export function htmlToText(html: string): string {
  return convert(html.slice(0, longestHtml)).trim();
}
