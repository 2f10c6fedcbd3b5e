import * as z from 'zod';

/** The first thing that is wrong, in words for whoever wrote it: `["to", 1]` and "must be text". */
export interface Problem {
  path: readonly PropertyKey[];
  message: string;
}

type Checked<Value> = { problem?: undefined; value: Value } | { problem: Problem };

/** What `schema` makes of `value`, or what is wrong with it; a schema's own messages are kept. */
export function checkForm<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): Checked<z.infer<Schema>> {
  const result = schema.safeParse(value, { error: inPlainWords });
  return result.success ? { value: result.data } : { problem: firstProblem(result.error.issues) };
}

const typeWords: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function inPlainWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is missing'
        : `must be ${typeWords[issue.expected] ?? issue.expected}`;
    case 'unrecognized_keys': {
      const known = issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape) : [];
      return `takes no "${issue.keys[0]?.slice(0, 60)}", only ${known.join(', ')}`;
    }
    case 'invalid_value':
      return issue.input === undefined ? 'is missing' : `must be ${orList(issue.values.map(String))}`;
    case 'too_small':
      if (issue.origin === 'number') return `must not be below ${issue.minimum}`;
      return Number(issue.minimum) === 1
        ? 'must not be empty'
        : `must have at least ${issue.minimum} ${unitOf(issue.origin)}`;
    case 'too_big':
      return issue.origin === 'number'
        ? `must not be above ${issue.maximum}`
        : `must have at most ${issue.maximum} ${unitOf(issue.origin)}`;
    default:
      return undefined;
  }
}

function unitOf(origin: string): string {
  return origin === 'string' ? 'characters' : 'items';
}

function orList(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} or ${last}` : last;
}

/** A member that nobody knows comes first: it is often the misspelt name of one that is missing. */
function firstProblem(issues: readonly z.core.$ZodIssue[]): Problem {
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  if (!issue) return { path: [], message: 'is wrong' };
  if (issue.code !== 'invalid_union') return issue;
  const { path, message } = nearest(issue.errors.map(firstProblem));
  return { path: [...issue.path, ...path], message };
}

/** Of the forms that a value may have, what is wrong with the one that it has; else all that it may be. */
function nearest(problems: readonly Problem[]): Problem {
  const isOfOtherForm = ({ path, message }: Problem) => path.length === 0 && message.startsWith('must be ');
  const meant = problems.find((problem) => !isOfOtherForm(problem));
  if (meant) return meant;
  const forms = new Set(problems.map(({ message }) => message.slice('must be '.length)).filter(Boolean));
  return { path: [], message: `must be ${orList([...forms])}` };
}
