import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { build, type Format, type Plugin } from 'esbuild';
import { appFolder } from '../../local/stack.ts';

/**
 * Transpiles each source file of the app to one file in `folder`, as an app without a bundler is published, and returns
 * its main file. Packages stay where they are installed.
 */
export async function transpileApp(folder: string, format: Extract<Format, 'cjs' | 'esm'>): Promise<string> {
  const source = join(appFolder, 'src');
  const extension = format === 'cjs' ? '.cjs' : '.mjs';
  const names = await readdir(source, { recursive: true });
  await build({
    entryPoints: names.filter((name) => extname(name) === '.ts').map((name) => join(source, name)),
    outdir: folder,
    outbase: source,
    outExtension: { '.js': extension },
    bundle: true,
    plugins: [keepImports(extension)],
    platform: 'node',
    target: 'node22',
    format,
    logLevel: 'warning',
  });
  return join(folder, 'functions', `app${extension}`);
}

/** Leaves every import where it is; those of the app's own files get the ending that they have now. */
function keepImports(extension: string): Plugin {
  return {
    name: 'keep-imports',
    setup(plugin) {
      plugin.onResolve({ filter: /.*/ }, ({ kind, path }) => {
        if (kind === 'entry-point') return undefined;
        return { path: path.replace(/^(\..*)\.ts$/, `$1${extension}`), external: true };
      });
    },
  };
}
