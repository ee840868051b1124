import serialize from "@xterm/addon-serialize";
import headless from "@xterm/headless";
import type { TerminalSize } from "../shell/host/shell-host.ts";

/** Lines above the screen that a browser gets back when it connects again. */
const SCROLLBACK_LINES = 1_000;

/** What a terminal shows, kept for a browser that connects again. */
export class KeptScreen {
  readonly #terminal: headless.Terminal;
  readonly #serializer = new serialize.SerializeAddon();

  constructor({ columns, rows }: TerminalSize) {
    this.#terminal = new headless.Terminal({
      cols: columns,
      rows,
      scrollback: SCROLLBACK_LINES,
      allowProposedApi: true,
    });
    this.#terminal.loadAddon(this.#serializer);
  }

  write(data: Uint8Array): void {
    this.#terminal.write(data);
  }

  resize({ columns, rows }: TerminalSize): void {
    this.#terminal.resize(columns, rows);
  }

  /** The sequences that draw the screen, when all that was written before has been read. Within the callback: what is written after is not in it. */
  draw(drawn: (screen: TerminalSize & { data: string }) => void): void {
    this.#terminal.write("", () => {
      const { cols: columns, rows } = this.#terminal;
      drawn({ columns, rows, data: this.#serializer.serialize({ scrollback: SCROLLBACK_LINES }) });
    });
  }

  close(): void {
    this.#terminal.dispose();
  }
}
