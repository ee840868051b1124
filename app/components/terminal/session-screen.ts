import type { Terminal } from "@xterm/xterm";
import type { PlaybackSegment, SegmentEvent } from "../../../lib/recordings/playback/schema.ts";

/** Shows a session's events on a terminal of the size that the session's had. */
export class SessionScreen {
  private readonly terminal: Terminal;
  private readonly onSize: () => void;

  constructor(terminal: Terminal, { onSize }: { onSize: () => void }) {
    this.terminal = terminal;
    this.onSize = onSize;
  }

  async show(snapshot: PlaybackSegment["snapshot"], events: readonly SegmentEvent[]): Promise<void> {
    // What an earlier call wrote is on the screen before that is cleared.
    await this.write("");
    this.terminal.reset();
    this.resize(snapshot.columns, snapshot.rows);
    await this.add([[0, "o", snapshot.init], ...events]);
  }

  async add(events: readonly SegmentEvent[]): Promise<void> {
    let text = "";
    for (const [, code, data] of events) {
      if (code === "o" || code === "e") text += data;
      if (code !== "r") continue;
      await this.write(text);
      text = "";
      const size = /^(\d{1,4})x(\d{1,4})$/.exec(data);
      if (size) this.resize(Number(size[1]), Number(size[2]));
    }
    if (text) await this.write(text);
  }

  private resize(columns: number, rows: number): void {
    if (columns === this.terminal.cols && rows === this.terminal.rows) return;
    this.terminal.resize(Math.max(2, columns), Math.max(1, rows));
    this.onSize();
  }

  private write(text: string): Promise<void> {
    return new Promise((resolve) => this.terminal.write(text, resolve));
  }
}
