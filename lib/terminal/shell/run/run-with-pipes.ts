import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import type { SandboxCommand } from "../../isolation/isolation.ts";
import { killGroup } from "./kill-group.ts";
import { exitCodeOf } from "./run-in-terminal.ts";

/** Output that waits: each call settles when the next one may come. */
export type Sink = (data: Uint8Array) => Promise<void>;

/**
 * Runs a program with pipes until it ends; returns its exit code. It is ended where `signal` says so, and where `input` cannot be read or
 * `output` takes no more (which is thrown).
 */
export async function runWithPipes(
  command: SandboxCommand,
  streams: { input: AsyncIterable<Uint8Array> | null; output: Sink; errors: Sink },
  signal: AbortSignal,
): Promise<number> {
  signal.throwIfAborted();
  const child = spawn(command.file, command.args, {
    ...{ cwd: command.cwd, env: command.env as unknown as NodeJS.ProcessEnv, detached: true },
    stdio: [streams.input ? "pipe" : "ignore", "pipe", "pipe"],
  }) as ChildProcessByStdio<Writable | null, Readable, Readable>;
  let running = true;
  // Not later: its number may be another program's by then.
  const end = () => running && killGroup(child.pid);
  signal.addEventListener("abort", end);
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, by) => {
      running = false;
      resolve(exitCodeOf(code, by));
    });
  });
  let feedingFailed: unknown = null;
  if (streams.input && child.stdin) {
    feed(streams.input, child.stdin).catch((error: unknown) => {
      feedingFailed = error;
      end();
    });
  }
  try {
    await Promise.all([drain(child.stdout, streams.output), drain(child.stderr, streams.errors)]).catch(
      (error) => {
        end();
        throw error;
      },
    );
    const code = await ended;
    signal.throwIfAborted();
    if (feedingFailed !== null) throw feedingFailed;
    return code;
  } finally {
    signal.removeEventListener("abort", end);
    ended.catch(() => undefined);
  }
}

async function drain(stream: Readable, sink: Sink): Promise<void> {
  for await (const chunk of stream) await sink(chunk as Uint8Array);
}

async function feed(input: AsyncIterable<Uint8Array>, stdin: Writable): Promise<void> {
  let broken = false;
  stdin.on("error", () => {
    broken = true;
  });
  for await (const chunk of input) {
    if (broken || stdin.destroyed) break;
    if (!stdin.write(chunk)) await Promise.race([once(stdin, "drain"), once(stdin, "close")]);
  }
  stdin.end();
}
