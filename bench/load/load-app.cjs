// Loads an app as the Functions worker does and prints what that took: load-app.cjs <main file>.
const Module = require('node:module');
const { pathToFileURL } = require('node:url');

const load = Module._load;
let functions = 0;
const core = {
  version: '0.0.0',
  hostVersion: '4.0.0',
  registerFunction: () => {
    functions += 1;
  },
  registerHook: () => new core.Disposable(),
  setProgrammingModel: () => {},
  getProgrammingModel: () => {},
  log: () => {},
  Disposable: class Disposable {
    dispose() {}
  },
};
Module._load = function (request, ...rest) {
  return request === '@azure/functions-core' ? core : load.call(this, request, ...rest);
};

const main = process.argv[2];
const started = performance.now();
const loading = main.endsWith('.cjs') ? Promise.resolve(require(main)) : import(pathToFileURL(main).href);
loading.then(() => {
  const milliseconds = performance.now() - started;
  process.stdout.write(JSON.stringify({ milliseconds, functions, residentBytes: process.memoryUsage().rss }));
});
