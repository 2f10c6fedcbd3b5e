import * as z from 'zod';

/** A JSON schema as endpoints take it in strict mode. */
export type JsonSchema = { [keyword: string]: unknown };

/** What strict mode takes (OpenAI and Azure OpenAI, "Structured outputs": supported schemas); zod checks the rest. */
const kept = new Set([
  'type',
  'properties',
  'required',
  'items',
  'enum',
  'anyOf',
  '$ref',
  '$defs',
  'description',
]);

const schemas = new WeakMap<z.ZodType, JsonSchema>();

/**
 * The strict JSON schema of an answer: every member is required (an optional one may be null instead), none beyond them is
 * allowed, and limits that strict mode does not know stand in the description. Throws `TypeError` for a form that has no
 * strict schema, such as a record or a tuple.
 */
export function toJsonSchema(schema: z.ZodType): JsonSchema {
  const known = schemas.get(schema);
  if (known) return known;
  const made = toStrict(asJsonSchema(schema));
  schemas.set(schema, made);
  return made;
}

/** The answer without members that are null only because strict mode has no optional ones. */
export function dropPlaceholders(value: unknown, schema: z.ZodType): unknown {
  const whole = asJsonSchema(schema);
  return dropNulls(value, whole, asSchema(whole.$defs) ?? {});
}

function asJsonSchema(schema: z.ZodType): JsonSchema {
  return { ...z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) };
}

function toStrict(schema: JsonSchema): JsonSchema {
  for (const keyword of ['prefixItems', 'propertyNames', 'patternProperties', 'allOf'])
    if (keyword in schema)
      throw new TypeError(`An answer cannot have ${keyword}: strict mode does not know it.`);
  const strict: JsonSchema = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'const') strict.enum = [value];
    else if (keyword === 'oneOf' || keyword === 'anyOf') strict.anyOf = asList(value).map(toStrict);
    else if (keyword === 'items') strict.items = toStrict(asSchema(value) ?? {});
    else if (keyword === '$defs') strict.$defs = toStrictMembers(value);
    else if (kept.has(keyword)) strict[keyword] = value;
  }
  const limits = describeLimits(schema);
  if (limits) strict.description = [schema.description, limits].filter(Boolean).join(' ');
  const properties = asSchema(schema.properties);
  if (!properties) return strict;
  const required = asNames(schema.required);
  strict.properties = Object.fromEntries(
    Object.entries(toStrictMembers(properties)).map(([name, member]) => [
      name,
      required.has(name) ? member : orNull(member),
    ]),
  );
  strict.required = Object.keys(properties);
  strict.additionalProperties = false;
  return strict;
}

function toStrictMembers(members: unknown): Record<string, JsonSchema> {
  return Object.fromEntries(
    Object.entries(asSchema(members) ?? {}).map(([name, member]) => [name, toStrict(asSchema(member) ?? {})]),
  );
}

function orNull(schema: JsonSchema): JsonSchema {
  return takesNull(schema) ? schema : { anyOf: [schema, { type: 'null' }] };
}

function takesNull(schema: JsonSchema): boolean {
  const { type } = schema;
  return (
    type === 'null' || (Array.isArray(type) && type.includes('null')) || asList(schema.anyOf).some(takesNull)
  );
}

/** Safe integers are zod's own limits: nothing to tell. */
function describeLimits(schema: JsonSchema): string {
  const number = (keyword: string): number | undefined => {
    const value = schema[keyword];
    return typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;
  };
  const limits = [
    ['minLength', 'at least', 'characters'],
    ['maxLength', 'at most', 'characters'],
    ['minItems', 'at least', 'items'],
    ['maxItems', 'at most', 'items'],
    ['minimum', 'at least', ''],
    ['maximum', 'at most', ''],
    ['exclusiveMinimum', 'more than', ''],
    ['exclusiveMaximum', 'less than', ''],
  ] as const;
  const told = limits.flatMap(([keyword, words, unit]) => {
    const value = number(keyword);
    return value === undefined ? [] : [`${words} ${value} ${unit}`.trim()];
  });
  if (typeof schema.format === 'string') told.push(`format ${schema.format}`);
  else if (typeof schema.pattern === 'string') told.push(`pattern ${schema.pattern}`);
  return told.length > 0 ? `(${told.join(', ')})` : '';
}

function dropNulls(value: unknown, schema: JsonSchema, definitions: JsonSchema): unknown {
  if (typeof schema.$ref === 'string') {
    const target = asSchema(definitions[schema.$ref.replace('#/$defs/', '')]);
    return target ? dropNulls(value, target, definitions) : value;
  }
  const branches = asList(schema.anyOf ?? schema.oneOf);
  if (branches.length > 0)
    return branches.reduce((dropped, branch) => dropNulls(dropped, branch, definitions), value);
  if (Array.isArray(value)) {
    const items = asSchema(schema.items);
    return items ? value.map((item) => dropNulls(item, items, definitions)) : value;
  }
  const properties = asSchema(schema.properties);
  const members = asSchema(value);
  if (!properties || !members) return value;
  const required = asNames(schema.required);
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, member]) => {
      const property = asSchema(properties[name]);
      if (!property) return [[name, member]];
      if (member === null && !required.has(name) && !takesNull(property)) return [];
      return [[name, dropNulls(member, property, definitions)]];
    }),
  );
}

function asSchema(value: unknown): JsonSchema | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

function asList(value: unknown): JsonSchema[] {
  return Array.isArray(value) ? value.map((each) => asSchema(each) ?? {}) : [];
}

function asNames(value: unknown): Set<unknown> {
  return new Set(Array.isArray(value) ? value : []);
}
