/** Lets other requests of the process run. */
export const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
