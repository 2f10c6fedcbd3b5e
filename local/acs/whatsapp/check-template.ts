import type { TemplateToSend } from './notification.ts';
import type { Template } from './settings.ts';

/** Why WhatsApp does not deliver a message, in its own codes. */
export interface ChannelError {
  channelCode: string;
  channelMessage: string;
}

/**
 * What is wrong with a template that is to be sent, if anything.
 * https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
 */
export function checkTemplate(
  { name, language, bindings }: TemplateToSend,
  templates: readonly Template[],
): ChannelError | undefined {
  const template = templates.find((known) => known.name === name && known.language === language);
  if (template?.status === 'paused') {
    return { channelCode: '132015', channelMessage: 'Template is paused.' };
  }
  if (template?.status !== 'approved') {
    return {
      channelCode: '132001',
      channelMessage: 'Template does not exist in the language, or is not approved.',
    };
  }
  const body = template.content.find(({ type }) => type === 'BODY');
  const places = new Set(body?.text?.match(/\{\{\d+\}\}/g)).size;
  if (places !== (bindings?.body?.length ?? 0)) {
    return {
      channelCode: '132000',
      channelMessage: 'Number of parameters does not match the expected number of params.',
    };
  }
  return undefined;
}

/** The name that a binding refers to and no value has, if any. */
export function findUnboundValue({ values, bindings }: TemplateToSend): string | undefined {
  const names = new Set(values?.map(({ name }) => name));
  const { header, body, footer, buttons } = bindings ?? {};
  const bound = [header, body, footer, buttons].flatMap((component) => component ?? []);
  return bound.map(({ refValue }) => refValue).find((name) => !names.has(name));
}
