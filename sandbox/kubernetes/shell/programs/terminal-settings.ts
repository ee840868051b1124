import type { Program } from "../process-context.ts";

export const stty: Program = async (process) => {
  const { terminal } = process;
  if (terminal === null) return process.fail("standard input: Not a tty");
  const { width, height } = terminal.size;
  if (process.args.length === 0 || process.args[0] === "-a") {
    await process.print(
      `speed 38400 baud; rows ${height}; columns ${width}; line = 0;\n${terminal.echo ? "" : "-"}echo\n`,
    );
    return 0;
  }
  for (let at = 0; at < process.args.length; at++) {
    const setting = process.args[at]!;
    if (setting === "size") await process.print(`${height} ${width}\n`);
    else if (setting === "echo" || setting === "-echo") terminal.echo = setting === "echo";
    else if (setting === "sane") terminal.echo = true;
    else if (setting === "rows" || setting === "cols" || setting === "columns") {
      const value = Number(process.args[++at]);
      terminal.size = setting === "rows" ? { width, height: value } : { width: value, height };
    }
  }
  return 0;
};

export const clear: Program = async (process) => {
  await process.print("\x1b[H\x1b[2J\x1b[3J");
  return 0;
};

export const reset: Program = async (process) => {
  await process.print("\x1bc\x1b(B\x1b[m\x1b[J\x1b[?25h");
  return 0;
};
