// Loads an app as the Functions worker does, far enough to see what it registers; prints that as JSON.
const Module = require('node:module');

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

require(process.argv[2]);
process.stdout.write(JSON.stringify(registered));
