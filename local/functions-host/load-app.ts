import { globSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { checkFunctions, type HostedFunction } from './check-functions.ts';
import {
  type AppRegistrations,
  collectRegistrations,
  getProgrammingModel,
  type ProgrammingModel,
} from './core-module.ts';
import { readJson } from './read-settings.ts';

/** An app that is loaded and whose functions this host can run. */
export interface LoadedApp {
  functions: HostedFunction[];
  hooks: AppRegistrations['hooks'];
  model: ProgrammingModel;
}

const packageFile = z.object({ main: z.string(), type: z.enum(['module', 'commonjs']).default('commonjs') });

/**
 * Loads the app as the Node worker of Azure Functions does: the `main` of its package.json, which may be a glob.
 * Throws when it asks for something that this host does not have.
 */
export async function loadApp(appFolder: string, log: (line: string) => void): Promise<LoadedApp> {
  const { main, type } = packageFile.parse(readJson(join(appFolder, 'package.json')));
  const files = globSync(main, { cwd: appFolder }).map((file) => resolve(appFolder, file));
  if (files.length === 0) {
    throw new Error(
      `No file matches "main": "${main}" of ${join(appFolder, 'package.json')}. Is the app built?`,
    );
  }
  forgetFiles(appFolder);
  const registrations = collectRegistrations(log);
  for (const file of files.sort()) await loadFile(file, type);

  const model = getProgrammingModel();
  const capabilities = await model.getCapabilities({});
  if (capabilities.HttpUri) {
    throw new Error(
      'The app calls app.setup({ enableHttpStream: true }), which the local host does not have.',
    );
  }
  const { functions, hooks } = registrations;
  await runHooks({ hooks }, 'appStart', { hookData: {} });
  registrations.locked = true;
  return { functions: checkFunctions(functions, log), hooks, model };
}

/** Runs the app's hooks of one kind, one after the other. */
export async function runHooks(
  { hooks }: Pick<LoadedApp, 'hooks'>,
  name: string,
  context: object,
): Promise<void> {
  for (const hook of hooks.filter((each) => each.name === name)) await hook.callback(context);
}

let loads = 0;

async function loadFile(file: string, packageType: string): Promise<void> {
  const isModule = /\.m[jt]s$/.test(file) || (packageType === 'module' && !/\.c[jt]s$/.test(file));
  if (isModule) await import(`${pathToFileURL(file)}?load=${loads}`);
  else createRequire(file)(file);
}

// A second host in one process must see the app register its functions again.
function forgetFiles(appFolder: string): void {
  loads++;
  const { cache } = createRequire(join(appFolder, 'package.json'));
  const own = (file: string) =>
    file.startsWith(appFolder + sep) && !file.includes(`${sep}node_modules${sep}`);
  for (const file of Object.keys(cache).filter(own)) delete cache[file];
}
