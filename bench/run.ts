// npm run bench: what Parley's figures are on this machine.
import { benchmarks } from './benchmarks.ts';

const [name, ...args] = process.argv.slice(2);

function list(): void {
  console.log(
    'npm run bench -- <name>    runs one of these; "all" runs those that take less than a minute or two\n',
  );
  for (const [each, { about, isLong }] of Object.entries(benchmarks)) {
    console.log(`  ${each.padEnd(14)}${about}${isLong ? ' (long, not in "all")' : ''}`);
  }
  console.log('\nWhat they are to reach, and what they came to: docs/figures.md');
}

async function runOne(each: string, options: string[]): Promise<void> {
  console.log(`\n${each}: ${benchmarks[each]?.about}`);
  await benchmarks[each]?.run(options);
}

async function runShortOnes(): Promise<void> {
  for (const [each, { isLong }] of Object.entries(benchmarks)) if (!isLong) await runOne(each, []);
}

if (name === undefined) {
  list();
} else if (name === 'all') {
  await runShortOnes();
} else if (Object.hasOwn(benchmarks, name)) {
  await runOne(name, args);
} else {
  console.error(`There is no benchmark "${name}".\n`);
  list();
  process.exitCode = 2;
}
