import * as z from 'zod';
import type { DigestMailSettings } from '../digest-mail-settings.ts';
import { parseJson } from '../json.ts';
import { unnamedSender } from '../people/sent-by.ts';
import type { Outbox } from '../sends/outbox.ts';
import { hashJson, sendIdOf } from '../sends/send-id.ts';
import type { Container } from '../storage/container.ts';
import { storageUnavailable } from '../storage/storage-errors.ts';
import type { Catalogue } from '../summaries/catalogue.ts';
import type { DigestStore } from '../summaries/digest.ts';
import type { SummaryStore } from '../summaries/store.ts';
import { composeMail } from './compose-mail.ts';
import { findDueItems } from './due-items.ts';

interface Dependencies {
  settings: DigestMailSettings;
  publicUrl?: string;
  timeZone: string;
  /** The container `digests`: beside each digest stands that its mail is on its way. */
  blobs: Container;
  digests: Pick<DigestStore, 'get'>;
  outbox: Pick<Outbox, 'put' | 'read'>;
  catalogue: Pick<Catalogue, 'read'>;
  summaries: Pick<SummaryStore, 'get'>;
  clock: () => Date;
}

/** What becomes of the mail about a night. */
export interface MailState {
  sendId: string;
  /** `forgotten`: it was sent or failed, and the outbox does not know it any more. */
  state: 'pending' | 'sent' | 'failed' | 'forgotten';
  error?: { code: string; message: string };
}

const mailNote = z.object({ sendId: z.string(), isInOutbox: z.boolean() });

/** The mail about a night, of which there is one, however often the night runs and whatever breaks off. */
export function createDigestMail(dependencies: Dependencies) {
  const { settings, blobs, digests, outbox, clock } = dependencies;

  const readNote = async (night: string) => {
    const blob = await blobs.read(noteName(night));
    if (!blob) return undefined;
    // What nobody can read any more is no reason for a second mail.
    const { data = { sendId: '', isInOutbox: true } } = mailNote.safeParse(parseJson(blob.text));
    return { ...data, etag: blob.etag };
  };

  const writeNote = (night: string, note: z.infer<typeof mailNote>, replaces: { etag: string } | 'none') =>
    blobs.write(noteName(night), JSON.stringify(note), { contentType: 'application/json', replaces });

  /**
   * Puts the mail about a night into the outbox, for the timer to send. Done again, it changes nothing: the note beside the
   * digest outlives the outbox, which forgets after seven days. Throws storage faults only.
   */
  async function put(night: string): Promise<void> {
    if (settings.to.length === 0) return;
    const sendId = sendIdOf('digest', night);
    await writeNote(night, { sendId, isInOutbox: false }, 'none');
    const note = await readNote(night);
    if (!note) throw storageUnavailable(new Error('a note that was written is not there'));
    if (note.isInOutbox) return;
    const digest = (await digests.get(night))?.digest;
    if (!digest) return;
    const outgoing = await compose(digest);
    await outbox.put({
      sendId,
      channel: 'digest',
      conversation: night,
      bodyHash: hashJson(outgoing),
      state: 'intended',
      outgoing,
      createdAt: clock().toISOString(),
      tries: 0,
    });
    await writeNote(night, { sendId, isInOutbox: true }, note);
  }

  async function compose(digest: Parameters<typeof composeMail>[0]) {
    const { publicUrl, timeZone } = dependencies;
    const { to, from, withText } = settings;
    const today = new Intl.DateTimeFormat('en-CA', { timeZone }).format(clock());
    const due = await findDueItems(today, dependencies);
    const { subject, ...content } = composeMail(digest, due, { today, withText, publicUrl });
    return {
      content: { ...content, subject },
      sentBy: unnamedSender,
      opening: { to, from },
      envelope: { from, to, subject, headers: {} },
    };
  }

  /** Undefined where the night has none. */
  async function stateOf(night: string): Promise<MailState | undefined> {
    const note = await readNote(night);
    if (!note) return undefined;
    const send = await outbox.read(note.sendId);
    if (!send) return { sendId: note.sendId, state: note.isInOutbox ? 'forgotten' : 'pending' };
    const { state, problem } = send;
    return {
      sendId: note.sendId,
      state: state === 'intended' ? 'pending' : state === 'failed' ? 'failed' : 'sent',
      ...(problem ? { error: { code: problem.code, message: problem.message } } : {}),
    };
  }

  return { put, stateOf };
}

/** Begins with the date, so that it goes when the digest goes. */
function noteName(night: string): string {
  return `${night}.mail.json`;
}
