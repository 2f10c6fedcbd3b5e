/** Whether a `Host` header is a name that always stands for this machine, with or without a port. */
export function isThisMachine(host: string): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host);
}
