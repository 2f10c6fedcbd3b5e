import { styleText } from 'node:util';

// `styleText` writes no colour codes where standard output is no terminal.

export function heading(text: string): void {
  console.log(`\n${styleText('bold', text)}`);
}

export function line(text = ''): void {
  console.log(text && `   ${text}`);
}

export function aside(text: string): void {
  line(styleText('dim', text));
}

/** Text made by the app, set apart from what the demo says about it. */
export function quote(text: string): void {
  const bar = styleText('cyan', '│');
  for (const each of text.trimEnd().split('\n')) line(`${bar} ${each}`.trimEnd());
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** Runs `work` and tells how long it took, in words such as "1.2 s". */
export async function timed<Result>(work: () => Promise<Result>): Promise<[Result, string]> {
  const start = performance.now();
  const result = await work();
  return [result, `${((performance.now() - start) / 1000).toFixed(1)} s`];
}
