import { BlobServiceClient } from '@azure/storage-blob';
import { foldCharacters } from '../../src/shared/redaction/folded-text.ts';
import { accountNumbers, cardNumbers, nationalIds, secrets } from './samples.ts';
import { halves } from './talks.ts';

/** Times have rows of digits, and so have several of these in a row. */
const shown = /•{4} \d{1,4}|\d{4}-\d\d-\d\dT[\d:.]+Z/gu;
/** Shorter ones stand somewhere by chance. */
const fewestSigns = 9;

/** A row of letters and digits, whatever stands between them. */
const inAnyFormat = (text: string, between: string) => ({
  found: text,
  pattern: new RegExp(`(?<!\\d)${[...text.replaceAll(/[^\p{L}\p{N}]/gu, '')].join(between)}`, 'iu'),
});
const numbers = [
  // All digits but those that may be shown.
  ...cardNumbers.map((number) => inAnyFormat(number.slice(0, -4), '\\D*')),
  ...[...accountNumbers, ...nationalIds.map(([, text]) => /\d.*\d/u.exec(text)?.[0] ?? '')]
    .filter((number) => number.length >= fewestSigns)
    .map((number) => inAnyFormat(number, '[^\\p{L}\\p{N}]*')),
];
/** As they stand. */
const raw = [
  ...halves,
  ...nationalIds.map(([, text]) => text),
  ...secrets.map(([text]) => text),
  ...secrets.map(([, secret]) => secret).filter((secret) => secret.length > 6 && /\p{L}/u.test(secret)),
];

/** Which samples a text has, in whatever format: only its digits count, or only its letters and digits. */
export function samplesIn(text: string): string[] {
  const all = stringsIn(text).flatMap((each) => {
    const folded = foldCharacters(each.replaceAll(shown, 'x')).text;
    return [
      ...numbers.filter(({ pattern }) => pattern.test(folded)).map(({ found }) => found),
      ...raw.filter((sample) => folded.includes(sample)),
    ];
  });
  return [...new Set(all)];
}

/** All strings in JSON, names too, each by itself; any other text as a whole. */
function stringsIn(text: string): string[] {
  const strings: string[] = [];
  try {
    JSON.parse(text, (name, value: unknown) => {
      strings.push(name);
      if (typeof value === 'string') strings.push(value);
      if (typeof value === 'number') strings.push(String(value));
      return value;
    });
  } catch {
    return [text];
  }
  return strings;
}

/** All that storage holds outside some containers, by the place where it stands: names, metadata and content. */
export async function* readStorage(
  connectionString: string,
  except: readonly string[],
): AsyncGenerator<{ place: string; text: string }> {
  const service = BlobServiceClient.fromConnectionString(connectionString);
  for await (const { name: container } of service.listContainers()) {
    if (except.includes(container)) continue;
    const client = service.getContainerClient(container);
    for await (const { name, metadata = {} } of client.listBlobsFlat({ includeMetadata: true })) {
      const content = await client.getBlobClient(name).downloadToBuffer();
      const told = Object.values(metadata).map((value) => Buffer.from(value, 'base64url').toString('utf8'));
      for (const text of [name, ...Object.values(metadata), ...told, content.toString('utf8')]) {
        yield { place: `${container}/${name}`, text };
      }
    }
  }
}
