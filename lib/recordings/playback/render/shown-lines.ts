export interface ShownLine {
  text: string;
  atMs: number;
  /** How much of it is a prompt with a command behind it; 0 where it is none. */
  prompt: number;
  /** Whether the command was entered; it may still be typed. */
  entered: boolean;
}

/** What a screen tells of lines, as they are finished. */
export interface ShownLines {
  line(line: ShownLine): void;
}

/** A screen that reads lines: of a terminal, or of plain streams. */
export interface ReadingScreen {
  write(stream: "stdout" | "stderr", text: string, atMs: number): void;
  resize(size: { columns: number; rows: number }): void;
  size(): { columns: number; rows: number };
  /** What makes a new screen show what this one shows; null where it is in the midst of something. */
  keyframe(options: { anyway: boolean }): string | null;
  /** Tells of the lines that are still there. */
  end(atMs: number): void;
}
