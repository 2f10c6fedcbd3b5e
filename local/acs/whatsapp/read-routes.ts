import { AcsError, type Route } from '../exchange.ts';
import { numberIn, slicePage } from '../http/paging.ts';
import type { KeptSettings } from '../keep-settings.ts';
import type { Collection } from '../state.ts';
import type { StoredMedia } from './receive-whatsapp.ts';
import { checkChannel } from './send-whatsapp.ts';
import { messagesVersions, type Template, type WhatsappSettings } from './settings.ts';

/** What a page of templates holds unless the caller asks for another number. */
const pageSize = 100;

/** `GET /messages/streams/{id}`: what a person sent, byte for byte. */
export function createDownloadMedia(media: Collection<StoredMedia>): Route {
  return {
    method: 'GET',
    path: '/messages/streams/:id',
    caller: 'key',
    versions: messagesVersions,
    handle({ params: { id = '' } }) {
      const found = media.get(id);
      if (!found) throw new AcsError(404, 'NotFound', `There is no media ${id}.`);
      return {
        status: 200,
        headers: { 'content-type': 'application/octet-stream' },
        bytes: Buffer.from(found.base64, 'base64'),
      };
    },
  };
}

/** `GET /messages/channels/{channelId}/templates`: all of them, page by page. */
export function createListTemplates(settings: KeptSettings<WhatsappSettings>): Route {
  return {
    method: 'GET',
    path: '/messages/channels/:channelId/templates',
    caller: 'key',
    versions: messagesVersions,
    handle(request) {
      const { channels, templates } = settings.read();
      checkChannel(request.params.channelId ?? '', channels);
      const size = numberIn(request.url, 'maxpagesize', 1) ?? pageSize;
      const { value, nextLink } = slicePage(request, templates, size);
      return { status: 200, json: { value: value.map(describeTemplate), nextLink } };
    },
  };
}

function describeTemplate({ content, ...template }: Template) {
  return { ...template, kind: 'whatsApp', content };
}
