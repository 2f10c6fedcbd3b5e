import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { buildIfStale } from '../../local/build-if-stale.ts';
import { appFolder } from '../../local/stack.ts';
import { divide, summarize } from '../measure/sample.ts';
import { printFigures, printRatio, printTable } from '../measure/table.ts';
import { takeTurns } from '../measure/take-turns.ts';
import { withBuildFolder } from '../setup/build-folder.ts';
import { runProgram } from '../setup/run-program.ts';
import { transpileApp } from './transpile-app.ts';

const program = fileURLToPath(new URL('../../test/support/load-app.cjs', import.meta.url));
const loaded = z.object({
  milliseconds: z.number(),
  registered: z.array(z.unknown()).min(1),
  residentBytes: z.number(),
});

/**
 * Loads the app in fresh processes: as it is published, in one file, and unbundled in both module formats, of which the
 * faster is the rival.
 */
export async function benchmarkLoad(): Promise<void> {
  await buildIfStale(appFolder, console.log);
  await withBuildFolder((folder) => compareLoads(folder));
}

async function compareLoads(folder: string): Promise<void> {
  const mains = {
    bundled: join(appFolder, 'dist', 'app.cjs'),
    'unbundled, CommonJS': await transpileApp(join(folder, 'commonjs'), 'cjs'),
    'unbundled, ES modules': await transpileApp(join(folder, 'modules'), 'esm'),
  };
  const resident: Record<string, number[]> = {};
  const functions = new Set<number>();
  const load = (name: keyof typeof mains) => async () => {
    const result = await runProgram(program, [mains[name]], loaded);
    functions.add(result.registered.length);
    resident[name] = [...(resident[name] ?? []), result.residentBytes / 1024 ** 2];
    return result.milliseconds;
  };

  const figures = await takeTurns({
    bundled: load('bundled'),
    'unbundled, CommonJS': load('unbundled, CommonJS'),
    'unbundled, ES modules': load('unbundled, ES modules'),
  });
  if (functions.size !== 1)
    throw new Error(`The builds register different numbers of functions: ${[...functions]}.`);
  printFigures('ms', figures);
  const memory = Object.entries(resident).map(([name, values]) => [
    name,
    summarize(values).median.toFixed(0),
  ]);
  printTable(['', 'MB resident after loading'], memory);

  const ratios = [figures['unbundled, CommonJS'], figures['unbundled, ES modules']].map((unbundled) =>
    divide(figures.bundled, unbundled),
  );
  const [ratio] = ratios.sort((one, other) => other.median - one.median);
  if (ratio) printRatio('bundled, of the faster unbundled', ratio, { atMost: 0.55, unit: '×' });
}
