/** A part of a text that must not leave, and what stands in its place. */
export interface Span {
  start: number;
  /** Before which it ends. */
  end: number;
  shown: string;
}
