import * as z from 'zod';
import { checkForm } from '../../check-form.ts';
import { ParleyError } from '../../errors.ts';
import type { OutgoingTemplate } from '../sender.ts';

const name = z.string().min(1).max(512);
const file = { url: z.string(), caption: z.string().optional(), fileName: z.string().optional() };
const value = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), name, text: z.string() }),
  z.strictObject({ kind: z.literal('image'), name, ...file }),
  z.strictObject({ kind: z.literal('document'), name, ...file }),
  z.strictObject({ kind: z.literal('video'), name, ...file }),
  z.strictObject({
    kind: z.literal('location'),
    name,
    latitude: z.number(),
    longitude: z.number(),
    locationName: z.string().optional(),
    address: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal('quickAction'),
    name,
    text: z.string().optional(),
    payload: z.string().optional(),
  }),
]);
const component = z.array(z.strictObject({ refValue: name })).optional();
const template = z.strictObject({
  name,
  language: z.string().regex(/^[a-z]{2,3}([_-][A-Za-z]{2,4})?$/, 'must be a language such as en or en_US'),
  values: z.array(value).optional(),
  bindings: z
    .strictObject({
      kind: z.literal('whatsApp'),
      header: component,
      body: component,
      footer: component,
      buttons: z.array(z.strictObject({ subType: z.enum(['quickReply', 'url']), refValue: name })).optional(),
    })
    .optional(),
});

export type Template = z.infer<typeof template>;

/** A template as the Messages API takes it. Throws `bad_request`, which names what is wrong. */
export function readTemplate(outgoing: OutgoingTemplate): Template {
  const checked = checkForm(template, outgoing);
  if (checked.problem) {
    const { path, message } = checked.problem;
    throw new ParleyError('bad_request', `${['template', ...path].join('.')}: ${message}`);
  }
  const { values = [], bindings } = checked.value;
  const known = new Set(values.map((each) => each.name));
  const { header = [], body = [], footer = [], buttons = [] } = bindings ?? {};
  const lost = [...header, ...body, ...footer, ...buttons].find(({ refValue }) => !known.has(refValue));
  if (lost)
    throw new ParleyError('bad_request', 'template.bindings: a refValue names none of template.values.');
  return checked.value;
}

/** Files that the provider would fetch to fill the template. */
export function urlsOf({ values = [] }: Template): string[] {
  return values.flatMap((each) => ('url' in each ? [each.url] : []));
}

/** The template and what fills it: its own words are only at the provider. */
export function describeTemplate({ name: title, values = [] }: Template): string {
  const texts = values.flatMap((each) => (each.kind === 'text' ? [each.text] : []));
  return [`[template ${title}]`, ...texts].join(' ');
}
