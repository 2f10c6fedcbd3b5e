import * as z from 'zod';

const address = {
  channelRegistrationId: z.guid(),
  to: z.array(z.string()).length(1, 'ACS sends to exactly one recipient in a request.'),
};

const mediaUri = z.url({ protocol: /^https$/, error: 'The media must have a public https address.' });
const caption = z.string().max(1_024).optional();

const templateValue = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), name: z.string(), text: z.string() }),
  ...(['image', 'document', 'video'] as const).map((kind) =>
    z.object({
      kind: z.literal(kind),
      name: z.string(),
      url: mediaUri,
      caption,
      fileName: z.string().optional(),
    }),
  ),
  z.object({
    kind: z.literal('location'),
    name: z.string(),
    latitude: z.number(),
    longitude: z.number(),
    locationName: z.string().optional(),
    address: z.string().optional(),
  }),
  z.object({
    kind: z.literal('quickAction'),
    name: z.string(),
    text: z.string().optional(),
    payload: z.string().optional(),
  }),
]);

const components = z.array(z.object({ refValue: z.string() })).optional();

const template = z.object({
  name: z.string(),
  language: z.string(),
  values: z.array(templateValue).optional(),
  bindings: z
    .object({
      kind: z.literal('whatsApp'),
      header: components,
      body: components,
      footer: components,
      buttons: z.array(z.object({ subType: z.enum(['quickReply', 'url']), refValue: z.string() })).optional(),
    })
    .optional(),
});

export type TemplateToSend = z.output<typeof template>;

/** What `notifications:send` takes. `content` of an image is the older name of its caption. */
export const notification = z.discriminatedUnion('kind', [
  z.object({ ...address, kind: z.literal('text'), content: z.string().min(1).max(4_096) }),
  z.object({ ...address, kind: z.literal('image'), mediaUri, caption, content: caption }),
  z.object({ ...address, kind: z.literal('image_v0'), mediaUri, content: caption }),
  z.object({ ...address, kind: z.literal('document'), mediaUri, caption, fileName: z.string().optional() }),
  z.object({ ...address, kind: z.literal('video'), mediaUri, caption }),
  z.object({ ...address, kind: z.literal('audio'), mediaUri }),
  z.object({ ...address, kind: z.literal('template'), template }),
]);

export type Notification = z.output<typeof notification>;
