import type { Chat } from '../chat/chat.ts';
import type { Email } from '../email/email.ts';
import type { Sms } from '../sms/sms.ts';
import type { Whatsapp } from '../whatsapp/whatsapp.ts';

/** What people use. */
export interface Services {
  sms: Sms;
  whatsapp: Whatsapp;
  email: Email;
  chat: Chat;
}
