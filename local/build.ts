import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

const shared: BuildOptions = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  sourcemap: true,
  logLevel: 'warning',
};

/**
 * Bundles the app into `dist/app.cjs`. A package that the code imports dynamically (language parts, the identity
 * library) becomes a file of its own beside it, read when it is first needed: inside one file, the megabytes of
 * language data alone would double the time that loading the app takes.
 */
export async function buildApp(): Promise<void> {
  await rm(`${root}dist`, { recursive: true, force: true });
  const lazy = new Map<string, string>();
  await build({
    ...shared,
    entryPoints: { app: 'src/functions/app.ts' },
    // Provided by the Functions worker at run time.
    external: ['@azure/functions-core'],
    plugins: [splitDynamicImports(lazy)],
  });
  await build({ ...shared, entryPoints: Object.fromEntries(lazy) });
}

/** Turns each dynamic import of a package into one of a file in the same folder, and notes which package it holds. */
function splitDynamicImports(found: Map<string, string>): Plugin {
  return {
    name: 'split-dynamic-imports',
    setup(plugin) {
      plugin.onResolve({ filter: /^[^.]/ }, ({ kind, path }) => {
        if (kind !== 'dynamic-import') return undefined;
        const name = path.replaceAll(/[^a-z0-9]+/gi, '-').replace(/^-/, '');
        found.set(name, path);
        return { path: `./${name}.cjs`, external: true };
      });
    },
  };
}

if (import.meta.main) await buildApp();
