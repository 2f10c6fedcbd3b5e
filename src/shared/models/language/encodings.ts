/** The encodings that models have today. */
export const encodings = ['o200k_base', 'cl100k_base'] as const;

export type Encoding = (typeof encodings)[number];

/** The encoding of a model by its name: `gpt-4`, `gpt-35` and `gpt-3.5` have the older one, all since `gpt-4o` the newer. */
export function encodingOf(model: string): Encoding {
  return /gpt-?3|gpt-?4(?!\.\d|o)(?:-|_|$)/i.test(model) ? 'cl100k_base' : 'o200k_base';
}
