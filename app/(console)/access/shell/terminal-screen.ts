import type { FitAddon } from "@xterm/addon-fit";
import type { Terminal } from "@xterm/xterm";
import { createTerminal } from "../../../components/terminal/create-terminal.ts";
import { terminalColours } from "../../../components/terminal/terminal-colours.ts";

interface ScreenEvents {
  typed(text: string): void;
  resized(size: { columns: number; rows: number }): void;
  /** Ctrl+F6: the keyboard's way out of the terminal. */
  leave(): void;
}

/** Of one message; what is pasted goes in several. */
const MOST_TYPED = 16_384;

/** xterm.js in an element of the page. */
export class TerminalScreen {
  readonly #terminal: Terminal;
  readonly #fit: FitAddon;
  readonly #observer: ResizeObserver;

  private constructor(terminal: Terminal, fit: FitAddon, element: HTMLElement, events: ScreenEvents) {
    this.#terminal = terminal;
    this.#fit = fit;
    terminal.loadAddon(fit);
    terminal.open(element);
    terminal.onData((text) => {
      for (let at = 0; at < text.length; at += MOST_TYPED) events.typed(text.slice(at, at + MOST_TYPED));
    });
    terminal.onResize(({ cols, rows }) => events.resized({ columns: cols, rows }));
    terminal.attachCustomKeyEventHandler((event) => this.#onKey(event, events));
    this.#observer = new ResizeObserver(() => this.fit());
    this.#observer.observe(element);
    this.fit();
  }

  /** Rejects where xterm.js cannot be loaded. */
  static async open(element: HTMLElement, events: ScreenEvents): Promise<TerminalScreen> {
    const { fontFamily, fontSize } = getComputedStyle(element);
    const [terminal, { FitAddon }] = await Promise.all([
      createTerminal({
        fontFamily,
        fontSize: Number.parseFloat(fontSize),
        lineHeight: 1.25,
        cursorBlink: true,
        scrollback: 5_000,
        theme: terminalColours(element),
        macOptionIsMeta: true,
      }),
      import("@xterm/addon-fit"),
    ]);
    return new TerminalScreen(terminal, new FitAddon(), element, events);
  }

  get size(): { columns: number; rows: number } {
    return { columns: this.#terminal.cols, rows: this.#terminal.rows };
  }

  write(data: Uint8Array, drawn: () => void): void {
    this.#terminal.write(data, drawn);
  }

  /** Draws a screen that was kept, at the size that it had; then it takes this one's. */
  draw({ columns, rows, data }: { columns: number; rows: number; data: string }, drawn: () => void): void {
    this.#terminal.reset();
    this.#terminal.resize(columns, rows);
    this.#terminal.write(data, () => {
      this.fit();
      drawn();
    });
  }

  /** Types for somebody without the keys. */
  type(text: string): void {
    this.#terminal.input(text, true);
    this.focus();
  }

  paste(text: string): void {
    this.#terminal.paste(text);
    this.focus();
  }

  get selection(): string {
    return this.#terminal.getSelection();
  }

  focus(): void {
    this.#terminal.focus();
  }

  /** As many columns and rows as there is room for; a hidden one has none, and keeps what it has. */
  fit(): void {
    const room = this.#fit.proposeDimensions();
    if (!room || !Number.isFinite(room.cols) || !Number.isFinite(room.rows)) return;
    const columns = Math.min(500, Math.max(2, room.cols));
    const rows = Math.min(300, Math.max(1, room.rows));
    if (columns !== this.#terminal.cols || rows !== this.#terminal.rows) this.#terminal.resize(columns, rows);
  }

  /** What is drawn is hidden from screen readers; this has it told to them, line by line. */
  tellScreenReaders(isTold: boolean): void {
    this.#terminal.options.screenReaderMode = isTold;
  }

  /** Nobody can type any more. */
  freeze(): void {
    this.#terminal.options.disableStdin = true;
    this.#terminal.options.cursorBlink = false;
  }

  close(): void {
    this.#observer.disconnect();
    this.#terminal.dispose();
  }

  #onKey(event: KeyboardEvent, events: ScreenEvents): boolean {
    if (event.type !== "keydown" || !event.ctrlKey) return true;
    if (event.key === "F6") {
      event.preventDefault();
      events.leave();
      return false;
    }
    if (!event.shiftKey) return true;
    if (event.code === "KeyC") {
      // Browsers open their tools by it.
      event.preventDefault();
      if (this.selection) void navigator.clipboard?.writeText(this.selection);
      return false;
    }
    // The browser pastes by itself, and needs no permission for it.
    return event.code !== "KeyV";
  }
}
