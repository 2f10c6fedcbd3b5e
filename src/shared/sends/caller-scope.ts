/** Whose idempotency keys are whose: whoever holds the function's key is one caller. */
export function callerScope(): string {
  return 'function-key';
}
