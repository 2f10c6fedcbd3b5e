/** A failure whose message tells the person at the keyboard all they need: it is printed without a stack. */
export class ExplainedError extends Error {
  override name = 'ExplainedError';
}
