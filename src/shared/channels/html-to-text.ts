import { compile } from 'html-to-text';

/** Chat clients write emoji as images with the character as their alternative text. */
const convert = compile({
  wordwrap: false,
  preserveNewlines: false,
  limits: { maxDepth: 100, maxInputLength: 1024 ** 2 },
  formatters: {
    alternativeText: (element, _walk, builder) => {
      const text: unknown = element.attribs?.alt;
      if (typeof text === 'string') builder.addInline(text);
    },
  },
  selectors: [
    { selector: 'a', options: { ignoreHref: true } },
    { selector: 'img', format: 'alternativeText' },
    { selector: 'table', format: 'dataTable' },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
  ],
});

/** The plain-text form of an HTML message: what a person would read, without addresses of links and images. */
export function htmlToText(html: string): string {
  return convert(html).trim();
}
