import type { BytePipe } from "../shell/byte-pipe.ts";
import { ExecStartError, type PodProcess } from "../shell/pod-process.ts";
import type { CommandResult } from "./command-status.ts";
import type { StreamRequest } from "./stream-request.ts";

/** The outgoing side of an exec or attach in one wire protocol. */
export interface CommandChannels {
  write(stream: "stdout" | "stderr", data: Buffer): Promise<void>;
  /** The command will write no more to that stream. */
  endOutput(stream: "stdout" | "stderr"): void;
  /** Sends the status and closes the session. */
  finish(result: CommandResult): void;
}

/** Starts the command, or attaches to the container's main process; an ExecStartError says why there is none. */
export function startCommand(request: StreamRequest): PodProcess | ExecStartError {
  const { command, tty, stdin } = request;
  try {
    return request.subresource === "attach"
      ? request.runtime.attach({ stdin })
      : request.runtime.exec({ command, tty, stdin });
  } catch (error) {
    if (error instanceof ExecStartError) return error;
    throw error;
  }
}

/** Carries output to the client until the command ends, then its status. */
export async function runCommand(
  process: PodProcess | ExecStartError,
  request: StreamRequest,
  channels: CommandChannels,
): Promise<void> {
  if (process instanceof ExecStartError) {
    channels.finish({ kind: "start-failed", message: process.message });
    return;
  }
  const forward = async (stream: "stdout" | "stderr", pipe: BytePipe, wanted: boolean) => {
    for (let chunk = await pipe.read(); chunk !== null; chunk = await pipe.read()) {
      if (wanted) await channels.write(stream, chunk);
    }
    if (wanted) channels.endOutput(stream);
  };
  const [code] = await Promise.all([
    process.exit,
    forward("stdout", process.stdout, request.stdout),
    forward("stderr", process.stderr, request.stderr && !request.tty),
  ]);
  channels.finish({ kind: "exited", code });
}

/** Hands client bytes to the command; what nobody reads any more is dropped. */
export function writeStdin(process: PodProcess, data: Buffer, hold: (until: Promise<unknown>) => void): void {
  const written = process.stdin.write(data).catch(() => undefined);
  if (process.stdin.isFull) hold(written);
}
