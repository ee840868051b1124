import headless from "@xterm/headless";
import type { Terminal } from "@xterm/xterm";
import { expect, test } from "vitest";
import { limitParameters } from "./limit-parameters.ts";

const most = 2_147_483_647;

test.each(["@", "L", "M", "P", "S", "T", "I", "Z", "b", " @", " A", "'}", "'~"])(
  "ESC[%s of two thousand million is done at once",
  async (final) => {
    const terminal = new headless.Terminal({ cols: 80, rows: 24, allowProposedApi: true });
    limitParameters(terminal as unknown as Terminal);
    await new Promise<void>((resolve) =>
      terminal.write(`a\u001B[${most}${final}\u001B[H\u001B[2Jafter`, resolve),
    );
    expect(terminal.buffer.active.getLine(terminal.buffer.active.baseY)?.translateToString(true)).toBe(
      "after",
    );
  },
);
