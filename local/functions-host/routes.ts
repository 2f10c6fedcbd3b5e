/** A compiled route template of Azure Functions (ASP.NET Core syntax). */
export interface Route {
  /** The decoded parameters when the path fits, `undefined` when it does not. */
  match(path: string): Record<string, string> | undefined;
  /** One digit per segment: of two routes that fit, the one with the smaller text is more specific. */
  precedence: string;
}

interface Parameter {
  name: string;
  constraints: ((value: string) => boolean)[];
  fallback: string | undefined;
}

const parameterPattern =
  /\{(?<star>\*{0,2})(?<name>\w+)(?<constraints>(?::\w+(?:\((?:[^()]|\([^()]*\))*\))?)*)(?:=(?<fallback>[^}?]*))?(?<optional>\?)?\}/;

/** Compiles a template such as `items/{id:int}/{*rest}`; throws for a constraint that this host does not know. */
export function compileRoute(template: string): Route {
  const parameters: Parameter[] = [];
  let source = '^';
  let precedence = '';
  for (const segment of splitSegments(template)) {
    const compiled = compileSegment(segment, parameters);
    source += compiled.source;
    precedence += compiled.precedence;
  }
  const pattern = new RegExp(`${source}$`, 'is');
  return { precedence, match: (path) => matchRoute(pattern, parameters, path) };
}

function matchRoute(
  pattern: RegExp,
  parameters: Parameter[],
  path: string,
): Record<string, string> | undefined {
  if (path.includes('//')) return undefined;
  const found = pattern.exec(path.length > 1 ? path.replace(/\/$/, '') : '');
  if (!found) return undefined;
  const values: Record<string, string> = {};
  for (const [index, parameter] of parameters.entries()) {
    const raw = found[index + 1];
    const value = raw ? decodePath(raw) : parameter.fallback;
    if (value === undefined) continue;
    if (!parameter.constraints.every((fits) => fits(value))) return undefined;
    values[parameter.name] = value;
  }
  return values;
}

/** Decodes a path but leaves `%2F` as it is, so that an encoded slash never becomes a separator. */
export function decodePath(text: string): string {
  return text
    .split(/(%2f)/i)
    .map((part, index) => (index % 2 === 1 ? part : decodeOrKeep(part)))
    .join('');
}

function decodeOrKeep(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// A slash inside braces belongs to a constraint.
function splitSegments(template: string): string[] {
  return template.match(/(?:\{(?:[^{}]|\{[^{}]*\})*\}|[^/{])+/g) ?? [];
}

function compileSegment(segment: string, parameters: Parameter[]): { source: string; precedence: string } {
  const pieces: string[] = [];
  const found: { star: string; optional: boolean; constrained: boolean }[] = [];
  let rest = segment;
  for (let match = parameterPattern.exec(rest); match; match = parameterPattern.exec(rest)) {
    const { star = '', name = '', constraints = '', fallback, optional } = match.groups ?? {};
    pieces.push(escapeText(rest.slice(0, match.index)), star ? '([^/].*)' : '([^/]+?)');
    parameters.push({ name, fallback, constraints: parseConstraints(constraints, segment) });
    found.push({
      star,
      optional: Boolean(optional) || fallback !== undefined,
      constrained: constraints !== '',
    });
    rest = rest.slice(match.index + match[0].length);
  }
  if (/[{}]/.test(rest)) throw new Error(`The route segment "${segment}" cannot be read.`);
  pieces.push(escapeText(rest));

  const [first] = found;
  const source = `/${pieces.join('')}`;
  if (!first) return { source, precedence: '1' };
  const whole = found.length === 1 && segment.startsWith('{') && segment.endsWith('}');
  if (!whole) return { source, precedence: '2' };
  const isOptional = first.optional || first.star !== '';
  const digit = (first.star ? 5 : 3) - (first.constrained ? 1 : 0);
  return { source: isOptional ? `(?:${source})?` : source, precedence: String(digit) };
}

function escapeText(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function parseConstraints(text: string, segment: string): Parameter['constraints'] {
  const each = text.matchAll(/:(?<name>\w+)(?:\((?<value>(?:[^()]|\([^()]*\))*)\))?/g);
  return [...each].map(({ groups }) => createConstraint(groups?.name ?? '', groups?.value ?? '', segment));
}

function createConstraint(name: string, value: string, segment: string): (text: string) => boolean {
  const [low = Number.NaN, high = low] = value.split(',').map(Number);
  const whole = (text: string) => (/^[-+]?\d+$/.test(text) ? BigInt(text) : undefined);
  const between = (text: string, from: bigint, to: bigint) => {
    const number = whole(text);
    return number !== undefined && number >= from && number <= to;
  };
  switch (name.toLowerCase()) {
    case 'int':
      return (text) => between(text, -(2n ** 31n), 2n ** 31n - 1n);
    case 'long':
      return (text) => between(text, -(2n ** 63n), 2n ** 63n - 1n);
    case 'decimal':
    case 'double':
    case 'float':
      return (text) => text.trim() !== '' && Number.isFinite(Number(text));
    case 'bool':
      return (text) => /^(true|false)$/i.test(text);
    case 'guid':
      return (text) => /^\{?[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\}?$/i.test(text);
    case 'alpha':
      return (text) => /^[a-z]*$/i.test(text);
    case 'length':
      return (text) => text.length >= low && text.length <= high;
    case 'minlength':
      return (text) => text.length >= low;
    case 'maxlength':
      return (text) => text.length <= low;
    case 'min':
      return (text) => whole(text) !== undefined && Number(text) >= low;
    case 'max':
      return (text) => whole(text) !== undefined && Number(text) <= low;
    case 'range':
      return (text) => whole(text) !== undefined && Number(text) >= low && Number(text) <= high;
    case 'regex': {
      const pattern = new RegExp(value, 'i');
      return (text) => pattern.test(text);
    }
    case 'required':
      return (text) => text !== '';
    default:
      throw new Error(
        `The route segment "${segment}" uses the constraint "${name}", which the local host does not have.`,
      );
  }
}
