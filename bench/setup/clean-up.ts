const undone = new Set<() => void>();

process.on('exit', () => {
  for (const undo of [...undone].reverse()) undo();
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

/** Runs `undo` when this process ends early, Ctrl-C included. Call what it returns once all is cleaned up in order. */
export function onEarlyEnd(undo: () => void): () => void {
  undone.add(undo);
  return () => undone.delete(undo);
}
