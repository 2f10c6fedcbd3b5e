// Runs before every script, in plain JavaScript, so that an older Node can still say what is wrong.
import { existsSync } from 'node:fs';

if (!existsSync(new URL('../node_modules/zod', import.meta.url))) {
  console.error('The packages are not installed. Run "npm ci" first.');
  process.exit(1);
}

const major = Number(process.versions.node.split('.')[0]);

if (major < 24) {
  console.error(
    `Parley's scripts run on Node 24, and this is Node ${process.versions.node}.\n` +
      'Start them through npm ("npm start", "npm run demo", "npm test"): "npm ci" installs Node 24 as a development dependency.\n' +
      'If npm itself used this Node, the install script of the package "node" did not run: run "npm ci" without --ignore-scripts.',
  );
  process.exit(1);
}
