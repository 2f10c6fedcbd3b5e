// Azurite publishes no types. Its blob and its queue service have the same two classes each.

declare module 'azurite/dist/src/*Configuration.js' {
  class Configuration {
    constructor(
      host: string,
      port: number,
      keepAliveTimeoutSeconds: number,
      metadataDBPath: string,
      extentDBPath: string,
      persistencePathArray: { locationId: string; locationPath: string; maxConcurrency: number }[],
      enableAccessLog: boolean,
      accessLogWriteStream: undefined,
      enableDebugLog: boolean,
      debugLogFilePath: undefined,
      loose: boolean,
      skipApiVersionCheck: boolean,
    );
    readonly metadataDBPath: string;
  }
  const commonJs: { default: typeof Configuration };
  export default commonJs;
}

declare module 'azurite/dist/src/*Server.js' {
  class Server {
    constructor(configuration: { readonly metadataDBPath: string });
    readonly httpServer: import('node:http').Server;
    readonly metadataStore: { readonly db: import('./clear-extents.ts').LokiDatabase };
    readonly extentMetadataStore: { readonly db: import('./clear-extents.ts').LokiDatabase };
    start(): Promise<void>;
    /** Saves the index, without waiting for requests under way. */
    close(): Promise<void>;
  }
  const commonJs: { default: typeof Server };
  export default commonJs;
}
