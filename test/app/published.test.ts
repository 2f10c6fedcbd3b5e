import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import * as z from 'zod';

const registration = z.object({
  name: z.string(),
  bindings: z.array(
    z.object({ type: z.string(), authLevel: z.string().optional(), route: z.string().optional() }),
  ),
});
type Registration = z.infer<typeof registration>;

/** Open at the host, on purpose: `health` to everybody, the others to those whom `tellCaller` lets in. */
const anonymous = [
  'health',
  'actionItems',
  'ask',
  'conversation',
  'conversations',
  'media',
  'search',
  'startAsk',
  'summaries',
  'summary',
];

let folder: string;
let registered: Registration[];

/** .funcignore forbids everything and names what is published. */
function published(): string[] {
  return readFileSync('.funcignore', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('!') && !line.includes('*'))
    .map((line) => line.slice(1).trim());
}

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-published-'));
  for (const name of published()) cpSync(name, join(folder, name), { recursive: true });
  const { main } = z
    .object({ main: z.string() })
    .parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  const output = execFileSync(process.execPath, [resolve('test/support/load-app.cjs'), join(folder, main)], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  });
  registered = z.object({ registered: z.array(registration) }).parse(JSON.parse(output)).registered;
});

after(() => rmSync(folder, { recursive: true, force: true }));

describe('what is published', () => {
  test('is host.json, package.json and the bundle, and loads in an empty folder without packages', () => {
    assert.deepEqual(readdirSync(folder).sort(), ['dist', 'host.json', 'package.json']);
    assert.ok(existsSync(join(folder, 'dist/app.cjs.map')));
    assert.ok(registered.length > 10);
  });

  test('every HTTP function states its authLevel, and only those on the list are open', () => {
    for (const { name, bindings } of registered) {
      for (const { type, authLevel } of bindings.filter(({ type: kind }) => kind === 'httpTrigger')) {
        assert.ok(authLevel, `${name} (${type}) states no authLevel`);
        const expected = anonymous.includes(name) ? 'anonymous' : 'function';
        assert.equal(authLevel, expected, `${name} is ${authLevel}`);
      }
    }
  });

  test('every route is spelled whole, below api/', () => {
    for (const { name, bindings } of registered) {
      for (const { type, route } of bindings) {
        if (type === 'httpTrigger') assert.match(route ?? '', /^api\//, name);
      }
    }
  });

  test('the language parts inside it work without packages', () => {
    const script = `
      const model = require('./dist/wink-eng-lite-web-model.cjs');
      const wink = require('./dist/wink-nlp.cjs');
      if (wink(model).readDoc('It works.').sentences().length() !== 1) process.exit(1);
      if (require('./dist/eld-extrasmall.cjs').eld.detect('Das ist ein deutscher Satz.').language !== 'de') process.exit(2);`;
    execFileSync(process.execPath, ['-e', script], { cwd: folder });
  });
});
