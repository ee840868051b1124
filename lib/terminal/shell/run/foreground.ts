/** What has the terminal while a line runs. */
export interface Foreground {
  /** What is typed. */
  input(data: Uint8Array): void;
  resize(size: { columns: number; rows: number }): void;
  /** What was typed for it that it did not read: it is for the next line. */
  unread?(): Uint8Array;
  /** Ends it, at once. */
  kill(): void;
}
