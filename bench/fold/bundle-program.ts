import { basename, join } from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles a TypeScript program into one file in `folder`, as the app is published: so its memory is the app's, without
 * the type stripper's. What the app loads when it is first needed stays outside, as in its own build.
 */
export async function bundleProgram(program: string, folder: string): Promise<string> {
  const outfile = join(folder, `${basename(program, '.ts')}.cjs`);
  await build({
    entryPoints: [program],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: [
      'wink-*',
      'eld/*',
      'postal-mime',
      '@azure/identity',
      '@azure/communication-*',
      '@azure-rest/*',
    ],
    logLevel: 'warning',
  });
  return outfile;
}
