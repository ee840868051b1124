import { AppError } from "../../../errors.ts";
import type { SandboxCommand } from "../../isolation/isolation.ts";
import type { LineContext } from "./line-context.ts";
import { runWithPipes, type Sink } from "./run-with-pipes.ts";

/** What to start for kubectl with `args`. Throws an AppError `unavailable` while there is no kubectl. */
export async function kubectlCommand(context: LineContext, args: string[]): Promise<SandboxCommand> {
  const state = context.kubectl.state();
  if (!state.ready) throw new AppError("unavailable", state.reason);
  return context.sandbox.command({ kubectl: state.path, args, namespace: context.shell.namespace });
}

export interface Captured {
  exitCode: number;
  text: string;
}

/** What kubectl answers that is shown to nobody as it comes. */
const MOST_CAPTURED_BYTES = 4 * 1024 * 1024;

/** Runs kubectl and keeps its output; what it says of errors goes to the terminal. */
export async function captureKubectl(
  context: LineContext,
  args: string[],
  { input, signal, errors }: { input?: string; signal: AbortSignal; errors?: Sink },
): Promise<Captured> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const keep: Sink = async (chunk) => {
    bytes += chunk.length;
    if (bytes > MOST_CAPTURED_BYTES)
      throw new AppError("payload_too_large", `kubectl answered more than ${MOST_CAPTURED_BYTES} bytes`);
    chunks.push(chunk);
  };
  const exitCode = await runWithPipes(
    await kubectlCommand(context, args),
    {
      input: input === undefined ? null : asInput(input),
      output: keep,
      errors: errors ?? ((chunk) => context.output.lines(chunk)),
    },
    signal,
  );
  return { exitCode, text: Buffer.concat(chunks).toString("utf8") };
}

async function* asInput(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
