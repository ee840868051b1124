/** What has the terminal while a line runs. */
export interface Foreground {
  /** What is typed. */
  input(data: Uint8Array): void;
  resize(size: { columns: number; rows: number }): void;
  /** Ends it, at once. */
  kill(): void;
}
