/**
 * What erasing needs, where nobody has set it and the storage is on this machine: one process knows within a moment what is
 * to be erased, and a secret that everybody knows must not seal anything on Azure.
 */
export function erasureSettings(connectionString: string): Record<string, string> {
  const { ERASURE_SECRET, ERASURE_SETTLE_SECONDS } = process.env;
  const isLocal = /\/\/(?:127\.0\.0\.1|localhost)[:/]|UseDevelopmentStorage=true/.test(connectionString);
  return {
    ...(ERASURE_SECRET || !isLocal ? {} : { ERASURE_SECRET: 'no-secret-on-this-machine-only' }),
    ...(ERASURE_SETTLE_SECONDS || !isLocal ? {} : { ERASURE_SETTLE_SECONDS: '2' }),
  };
}
