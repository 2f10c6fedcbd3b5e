import type { askChannels } from './question.ts';

type Channel = (typeof askChannels)[number];

const word = (source: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${source})(?![\\p{L}\\p{N}])`, 'iu');

/** A chat may be any conversation; "in the chat", "chats" and "chat messages" mean the channel. */
const patterns: readonly (readonly [Channel, RegExp])[] = [
  ['email', word('e-?mails?|mails?|courriels?|mél|correos?(?: electrónicos?)?')],
  ['sms', word('sms|text messages?|texts|texted|mensajes de texto|mensagens de texto|textos?')],
  ['whatsapp', word("whats ?app(?:['’]s|s)?")],
  ['chat', word('chats|chat messages?|(?:in|on|via|by|over|per|im|par|por|no)(?: the| le| el| o)? chat')],
];

/** The channels that a request names, none where it means all. */
export function readChannels(text: string): Channel[] {
  return patterns.flatMap(([channel, pattern]) => (pattern.test(text) ? [channel] : []));
}
