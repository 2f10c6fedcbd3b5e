// Loads an app as the Functions worker does, far enough to see what it registers: load-app.cjs <main file>. Prints, as
// JSON, the registrations, the milliseconds that loading took, and the memory after it.
const Module = require('node:module');
const { pathToFileURL } = require('node:url');

const load = Module._load;
const registered = [];
const core = {
  version: '0.0.0',
  hostVersion: '4.0.0',
  registerFunction: ({ name, bindings }) => registered.push({ name, bindings: Object.values(bindings) }),
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
  const residentBytes = process.memoryUsage().rss;
  process.stdout.write(JSON.stringify({ registered, milliseconds, residentBytes }));
});
