import serialize from "@xterm/addon-serialize";
import { TerminalScreen } from "../../recordings/playback/screen/terminal-screen.ts";
import type { TerminalSize } from "../shell/host/shell-host.ts";

/** Lines above the screen that a browser gets back when it connects again. */
const SCROLLBACK_LINES = 500;

/** What a terminal shows, kept for a browser that connects again. */
export class KeptScreen {
  readonly #screen: TerminalScreen;
  readonly #serializer = new serialize.SerializeAddon();
  /** A character may be cut over two pieces. */
  readonly #decoder = new TextDecoder();

  constructor(size: TerminalSize) {
    this.#screen = new TerminalScreen(size, { scrollback: SCROLLBACK_LINES });
    this.#screen.terminal.loadAddon(this.#serializer);
  }

  write(data: Uint8Array): void {
    this.#screen.write(this.#decoder.decode(data, { stream: true }));
  }

  resize(size: TerminalSize): void {
    this.#screen.resize(size);
  }

  /** What makes a new terminal of that size show the same, with the lines above it, and go on from there. */
  draw(): TerminalSize & { data: string } {
    const { cols: columns, rows } = this.#screen.terminal;
    return { columns, rows, data: this.#linesAbove() + (this.#screen.keyframe({ anyway: true }) ?? "") };
  }

  close(): void {
    this.#screen.dispose();
  }

  /** Written and pushed out of sight: what follows begins on an empty screen. */
  #linesAbove(): string {
    const { buffer, rows } = this.#screen.terminal;
    const end = buffer.normal.baseY - 1;
    if (end < 0) return "";
    const lines = this.#serializer.serialize({
      range: { start: 0, end },
      excludeModes: true,
      excludeAltBuffer: true,
    });
    return `${lines}\x1b[m${"\r\n".repeat(rows)}\x1b[H`;
  }
}
