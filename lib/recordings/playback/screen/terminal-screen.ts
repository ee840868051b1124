import headless, { type Terminal } from "@xterm/headless";
import { keyframeOf } from "./keyframe.ts";
import { limitParameters } from "./limit-parameters.ts";
import { boundedSize, type ScreenSize } from "./screen-size.ts";
import { type Internals, internalsOf } from "./terminal-internals.ts";

/** Combining characters that one cell may gather: a terminal sets no bound, and would hold all of an endless run. */
const ENDLESS_MARKS = /(\p{M}{32})\p{M}+/gu;
const NOT_ASCII = /\P{ASCII}/u;

/** A terminal without a window: what was shown becomes rows of characters. Lines that leave it at the top are gone, but for the last `scrollback`. */
export class TerminalScreen {
  readonly terminal: Terminal;
  readonly #core: Internals;

  constructor(size: ScreenSize, { scrollback = 0 } = {}) {
    const { columns, rows } = boundedSize(size);
    this.terminal = new headless.Terminal({
      cols: columns,
      rows,
      scrollback,
      allowProposedApi: true,
      logLevel: "off",
    });
    this.#core = internalsOf(this.terminal);
    limitParameters(this.terminal, this.#core);
  }

  /** Takes some output: its effects are there when this returns. */
  write(text: string): void {
    this.#core.writeSync(NOT_ASCII.test(text) ? text.replace(ENDLESS_MARKS, "$1") : text);
  }

  resize(size: ScreenSize): void {
    const { columns, rows } = boundedSize(size);
    this.terminal.resize(columns, rows);
  }

  /** See `keyframeOf`. */
  keyframe(options?: { anyway?: boolean }): string | null {
    return keyframeOf(this.terminal, this.#core, options);
  }

  /** `listener` is told before the rows move up, when the first is still there; `isWrapped`: since a line goes on behind the last one. */
  beforeScroll(listener: (isWrapped: boolean) => void): void {
    const service = this.#core._bufferService;
    const scroll = service.scroll.bind(service);
    service.scroll = (erased, isWrapped) => {
      listener(isWrapped ?? false);
      scroll(erased, isWrapped);
    };
  }

  dispose(): void {
    this.terminal.dispose();
  }
}
