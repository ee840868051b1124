import { AppError } from "../../../errors.ts";
import { log } from "../../../log.ts";
import type { CommandTerminal } from "../../commands/command.ts";
import { fullWords } from "../../isolation/private-files.ts";
import { LineRefusal } from "../../line/line-refusal.ts";
import { Channel, ChannelClosed } from "./channel.ts";
import { diffObjects } from "./diff-objects.ts";
import { editObjects } from "./edit-objects.ts";
import type { LineContext } from "./line-context.ts";
import { type Plan, type PlannedStage, planLine } from "./plan-line.ts";
import { runInTerminal } from "./run-in-terminal.ts";
import { runWithPipes, type Sink } from "./run-with-pipes.ts";
import { kubectlCommand } from "./start-kubectl.ts";
import { TypedKeys } from "./typed-keys.ts";
import { untilAborted } from "./until-aborted.ts";

const EXIT = { refused: 2, unavailable: 69, brokenPipe: 141, interrupted: 130 };
const LONGEST_MS = 12 * 3_600_000;
const CHECK_DIRECTORY_MS = 500;

/** Runs a line to its end; returns its exit code, that of its last program. What goes wrong is said in the terminal. */
export async function runLine(line: string, context: LineContext): Promise<number> {
  const ending = new AbortController();
  const guard = guardLine(context, ending);
  try {
    const plan = planLine(line);
    if (!plan) return 0;
    const [only] = plan.stages;
    if (plan.stages.length === 1 && only?.kind === "kubectl" && !plan.input && !plan.output)
      return await runAlone(only.command, plan, context, ending);
    return await runPipeline(plan, context, ending);
  } catch (error) {
    return sayWhy(error, context, ending.signal);
  } finally {
    guard.stop();
  }
}

/** Ends a line that takes too long, or fills the directory. */
function guardLine(context: LineContext, ending: AbortController) {
  const timer = setTimeout(
    () => ending.abort(new LineRefusal("ended: a line runs at most 12 hours")),
    LONGEST_MS,
  );
  let measuring = false;
  const interval = setInterval(async () => {
    if (measuring) return;
    measuring = true;
    const { bytes } = await context.files.size().catch(() => ({ bytes: 0 }));
    measuring = false;
    if (bytes > context.files.maxBytes) ending.abort(new LineRefusal(fullWords(context.files.maxBytes)));
  }, CHECK_DIRECTORY_MS);
  return {
    stop: () => {
      clearTimeout(timer);
      clearInterval(interval);
    },
  };
}

function sayWhy(error: unknown, context: LineContext, signal: AbortSignal): number {
  const why = signal.aborted ? signal.reason : error;
  if (why instanceof LineRefusal) {
    context.output.text(`${why.message}\r\n`);
    return EXIT.refused;
  }
  if (why instanceof AppError) {
    context.output.text(`${why.message}\r\n`);
    return EXIT.unavailable;
  }
  if (signal.aborted) {
    context.output.text("^C\r\n");
    return EXIT.interrupted;
  }
  log.error({ err: error }, "a line of the web shell failed");
  context.output.text("this failed inside the gateway: its log says why\r\n");
  return 1;
}

/** One kubectl with the terminal to itself, unless something is fed to it. */
async function runAlone(
  command: (PlannedStage & { kind: "kubectl" })["command"],
  plan: Plan,
  context: LineContext,
  ending: AbortController,
): Promise<number> {
  const isFed = command.standardInput !== null || command.verb === "diff";
  if (isFed && !command.edits) return runPipeline(plan, context, ending);
  for (const name of command.reads) await context.files.check(name);
  if (command.writes !== null) await context.files.checkTarget(command.writes);
  if (command.edits) {
    context.setForeground(interruptible(ending));
    return editObjects(command, context, ending.signal);
  }
  const run = runInTerminal(await kubectlCommand(context, command.args), {
    size: context.size(),
    write: (data) => context.output.raw(data),
    room: () => context.host.room(),
  });
  ending.signal.addEventListener("abort", run.kill);
  context.setForeground({ ...run, kill: () => ending.abort() });
  const exitCode = await run.exitCode;
  if (ending.signal.aborted) throw ending.signal.reason;
  return exitCode;
}

const interruptible = (ending: AbortController) => ({
  input: (data: Uint8Array) => {
    if (data.includes(3)) ending.abort();
  },
  resize: () => undefined,
  kill: () => ending.abort(),
});

/** Programs side by side, each one's output the next one's input. */
async function runPipeline(plan: Plan, context: LineContext, ending: AbortController): Promise<number> {
  const keys = new TypedKeys(() => ending.abort());
  context.setForeground({
    ...interruptible(ending),
    input: (data) => keys.push(data),
    unread: () => keys.unread(),
  });
  const { signal } = ending;
  for (const stage of plan.stages)
    if (stage.kind === "kubectl") for (const name of stage.command.reads) await context.files.check(name);
  const output = await openOutput(plan, context);
  const channels = plan.stages.slice(1).map(() => new Channel());
  signal.addEventListener("abort", () => {
    for (const channel of channels) channel.abandon();
    for (const channel of channels) channel.end();
    keys.end();
  });
  const input = plan.input === null ? null : fileInput(plan.input, context);
  const terminal: CommandTerminal | null = plan.output
    ? null
    : { size: context.size, keys: () => keys.read() };
  try {
    const exitCodes = await Promise.all(
      plan.stages.map((stage, at) =>
        runStage(stage, {
          input: at === 0 ? input : channels[at - 1]!,
          output: at < channels.length ? (data) => channels[at]!.write(data) : output.sink,
          terminal: at === plan.stages.length - 1 ? terminal : null,
          ...{ context, signal },
        }).finally(() => {
          channels[at]?.end();
          channels[at - 1]?.abandon();
        }),
      ),
    );
    if (signal.aborted) throw signal.reason;
    return exitCodes.at(-1)!;
  } finally {
    keys.end();
    await output.close();
  }
}

interface StageRun {
  input: AsyncIterable<Buffer> | null;
  output: Sink;
  terminal: CommandTerminal | null;
  context: LineContext;
  signal: AbortSignal;
}

/** A program of a line; its failures are its own, so that the others come to their end. */
async function runStage(stage: PlannedStage, run: StageRun): Promise<number> {
  try {
    return stage.kind === "helper" ? await runHelper(stage, run) : await runKubectl(stage.command, run);
  } catch (error) {
    if (error instanceof ChannelClosed) return EXIT.brokenPipe;
    if (run.signal.aborted) return EXIT.interrupted;
    return sayWhy(error, run.context, run.signal);
  }
}

async function runKubectl(
  command: (PlannedStage & { kind: "kubectl" })["command"],
  run: StageRun,
): Promise<number> {
  const input = command.standardInput === null ? run.input : fileInput(command.standardInput, run.context);
  if (command.verb === "diff") return diffObjects(command, { ...run, input });
  return runWithPipes(
    await kubectlCommand(run.context, command.args),
    { input, output: run.output, errors: (chunk) => run.context.output.lines(chunk) },
    run.signal,
  );
}

/** A helper may wait for the person's browser: Ctrl-C, and the end of the shell, end that, too. */
function runHelper({ command, words }: PlannedStage & { kind: "helper" }, run: StageRun): Promise<number> {
  const { context, input, output, terminal, signal } = run;
  const running = command.run({
    ...{ words, input, terminal, signal, files: context.files, shell: context.shell },
    write: async (data) => {
      signal.throwIfAborted();
      await output(typeof data === "string" ? Buffer.from(data) : data);
    },
    complain: (text) => context.output.text(`${text}\r\n`),
  });
  return untilAborted(running, signal);
}

async function* fileInput(name: string, context: LineContext): AsyncGenerator<Buffer> {
  const file = await context.files.openToRead(name);
  try {
    for await (const chunk of file.createReadStream({ autoClose: false })) yield chunk as Buffer;
  } finally {
    await file.close();
  }
}

/** Where the last program writes: the terminal, or a file that grows no larger than the directory may. */
async function openOutput(plan: Plan, context: LineContext): Promise<{ sink: Sink; close(): Promise<void> }> {
  if (!plan.output) return { sink: (data) => context.output.lines(data), close: async () => undefined };
  const file = await context.files.openToWrite(plan.output.file, plan.output.append);
  let room = await context.files.room();
  return {
    sink: async (data) => {
      room -= data.length;
      if (room < 0) throw new LineRefusal(fullWords(context.files.maxBytes));
      await file.writeFile(data);
    },
    close: () => file.close(),
  };
}
