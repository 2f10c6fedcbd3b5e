import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mediaType } from '../../src/shared/media/media-type.ts';

const files: [string, string][] = [
  ['image/jpeg', 'ffd8ffe000104a464946'],
  ['image/png', '89504e470d0a1a0a0000000d'],
  ['image/gif', '474946383961'],
  ['image/webp', '524946462400000057454250'],
  ['audio/aac', 'fff15080'],
  ['audio/amr', '2321414d520a'],
  ['audio/mpeg', '49443304'],
  ['audio/mpeg', 'fffb9064'],
  ['audio/mp4', '00000020667479704d344120'],
  ['audio/ogg', '4f67675300020000'],
  ['video/mp4', '000000186674797069736f6d'],
  ['video/3gpp', '00000014667479703367'],
  ['application/pdf', '255044462d312e37'],
  ['application/msword', 'd0cf11e0a1b11ae1'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', '504b030414000600'],
  ['text/plain', '48656c6c6f'],
];

test('a type is kept where the first bytes bear it out', () => {
  for (const [type, start] of files) assert.equal(mediaType(type, Buffer.from(start, 'hex')), type);
  const [, opus = ''] = files.find(([type]) => type === 'audio/ogg') ?? [];
  assert.equal(mediaType(' Audio/OGG; codecs=opus', Buffer.from(opus, 'hex')), 'audio/ogg');
});

test('no type comes out that a browser shows as a page, whatever was told and whatever the bytes', () => {
  const told = fc.oneof(
    fc.constantFrom('text/html', 'image/svg+xml', 'application/xhtml+xml', 'text/xml', '__proto__', '', ';'),
    fc.constantFrom(...files.map(([type]) => type)),
    fc.string(),
  );
  const known = new Set([...files.map(([type]) => type), 'application/octet-stream']);
  fc.assert(fc.property(told, fc.uint8Array(), (type, bytes) => known.has(mediaType(type, bytes))));
});

test('a page that is called a picture is only bytes', () => {
  for (const [type] of files.filter(([type]) => type !== 'text/plain')) {
    assert.equal(mediaType(type, Buffer.from('<!doctype html>')), 'application/octet-stream', type);
  }
});
