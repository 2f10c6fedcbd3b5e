import { parseJson } from '../../json.ts';

/** As many beginnings are tried: a text full of braces must not cost more than that. */
const mostBeginnings = 20;

/**
 * The JSON object within an answer: the whole text, a fenced block, or what stands between braces among other words. What a
 * model thought aloud (`<think>`) is left out. Undefined where there is none.
 */
export function extractJson(text: string): unknown {
  const said = text.replace(/^\s*<think>[\s\S]*?<\/think>/, '').trim();
  const fenced = /```(?:json)?\s*\n([\s\S]*)\n\s*```/i.exec(said)?.[1] ?? '';
  for (const candidate of [said, fenced]) {
    const value = parseJson(candidate);
    if (isObject(value)) return value;
  }
  let start = said.indexOf('{');
  for (let tried = 0; start >= 0 && tried < mostBeginnings; tried += 1) {
    const end = endOfObject(said, start);
    const value = end === undefined ? undefined : parseJson(said.slice(start, end));
    if (isObject(value)) return value;
    start = said.indexOf('{', start + 1);
  }
  return undefined;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Behind the brace that closes the one at `start`; braces within strings are text. */
function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  let isString = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (isString) {
      if (character === '\\') at += 1;
      else if (character === '"') isString = false;
    } else if (character === '"') isString = true;
    else if (character === '{') depth += 1;
    else if (character === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}
