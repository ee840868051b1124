import { constants } from "node:os";
import { type IPty, spawn } from "@lydell/node-pty";
import type { SandboxCommand } from "../../isolation/isolation.ts";
import type { TerminalSize } from "../host/shell-host.ts";
import type { Foreground } from "./foreground.ts";
import { killGroup } from "./kill-group.ts";

/** A program that runs with a pseudo terminal of its own, joined to the person's. */
export interface TerminalRun extends Foreground {
  readonly exitCode: Promise<number>;
}

/** Starts a program by a pseudo terminal. `room` holds it back where the person's terminal is slow. */
export function runInTerminal(
  command: SandboxCommand,
  options: { size: TerminalSize; write: (data: Uint8Array) => void; room: () => Promise<void> | undefined },
): TerminalRun {
  const pty = spawn(command.file, command.args, {
    ...{ cols: options.size.columns, rows: options.size.rows, cwd: command.cwd, env: command.env },
    ...{ name: "xterm-256color", encoding: null },
  });
  // With encoding null it gives bytes, whatever its types say.
  pty.onData((data) => {
    options.write(data as unknown as Uint8Array);
    holdBack(pty, options.room());
  });
  let running = true;
  const exitCode = new Promise<number>((resolve) => {
    pty.onExit(({ exitCode: code, signal }) => {
      running = false;
      resolve(signal ? 128 + signal : code);
    });
  });
  return {
    exitCode,
    input: (data) => running && pty.write(Buffer.from(data) as unknown as string),
    resize: ({ columns, rows }) => running && pty.resize(columns, rows),
    kill: () => running && killGroup(pty.pid),
  };
}

function holdBack(pty: IPty, room: Promise<void> | undefined): void {
  if (!room) return;
  pty.pause();
  void room.finally(() => pty.resume());
}

/** Exit code of a program that a signal ended, as shells have it. */
export const exitCodeOf = (code: number | null, signal: NodeJS.Signals | null): number =>
  signal ? 128 + constants.signals[signal] : (code ?? 1);
