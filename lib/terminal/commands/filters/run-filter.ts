import { type ChildProcess, fork } from "node:child_process";
import { realpathSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { AppError } from "../../../errors.ts";
import { LineRefusal } from "../../line/line-refusal.ts";
import type { CommandContext } from "../command.ts";
import { inputOf } from "../input-of.ts";
import type { FilterStart, FromFilter, ToFilter } from "./filter-messages.ts";

const MOST_AT_ONCE = 64;
const MOST_MEMORY_MB = 128;
/** A filter that has not come back to its loop for so long has been given more than it can do. */
const LONGEST_STALL_MS = 10_000;
const ASK_EVERY_MS = 1_000;
const PROGRAM = fileURLToPath(new URL("./filter-process.ts", import.meta.url));
const ROOT = path.resolve(path.dirname(PROGRAM), "../../../..");
/** Where its modules are, also where the packages are linked to: all that it may read. */
const PARTS = ["lib", "node_modules", "package.json"].map((part) => path.join(ROOT, part));
const READABLE = [...new Set([...PARTS, ...PARTS.map((part) => realpathSync(part))])];

let running = 0;

/**
 * Runs a filter in a process of its own: what people give it (expressions, filters of jq, what they read) may take its memory and time,
 * but not the gateway's. A thread would not do: V8 ends the whole process where a thread's memory is used up at once. Returns its exit
 * code.
 */
export async function runFilter(name: string, context: CommandContext): Promise<number> {
  if (running >= MOST_AT_ONCE)
    throw new AppError(
      "resource_exhausted",
      `${MOST_AT_ONCE} filters are running in web shells: try again in a moment.`,
    );
  context.signal.throwIfAborted();
  running++;
  const child = startProcess({ name, words: context.words });
  child.once("close", () => running--);
  try {
    return await serve(name, child, context);
  } finally {
    child.kill("SIGKILL");
  }
}

/** Node's permission model keeps it from files, programs and threads, should a filter ever be made to ask for them. */
function startProcess(start: FilterStart): ChildProcess {
  return fork(PROGRAM, [JSON.stringify(start)], {
    execArgv: [
      ...[`--max-old-space-size=${MOST_MEMORY_MB}`, "--permission"],
      ...READABLE.map((part) => `--allow-fs-read=${part}`),
    ],
    ...{
      env: {} as NodeJS.ProcessEnv,
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      serialization: "advanced",
    },
  });
}

function serve(name: string, child: ChildProcess, context: CommandContext): Promise<number> {
  const input = new FilterInput(name, context);
  const send = (message: ToFilter) => child.connected && child.send(message, () => undefined);
  const answer = (data: Uint8Array | null) => send({ kind: "answer", data });
  let timer: NodeJS.Timeout | undefined;
  return new Promise<number>((resolve, reject) => {
    const take = async (message: FromFilter): Promise<void> => {
      if (message.kind === "read") answer(input.open(message.names));
      else if (message.kind === "pull") answer(await input.next());
      else if (message.kind === "write") {
        await context.write(message.data);
        answer(null);
      } else if (message.kind === "end") resolve(message.exitCode);
      else if (message.kind === "refused") reject(new LineRefusal(message.message));
    };
    let alive = performance.now();
    child.on("message", (message) => {
      alive = performance.now();
      take(message as FromFilter).catch(reject);
    });
    child.on("error", reject);
    child.on("close", (code, signal) => reject(endedAlone(name, signal ?? code)));
    timer = setInterval(() => {
      if (performance.now() - alive > LONGEST_STALL_MS) reject(tooMuch(name));
      else send({ kind: "ask-alive" });
    }, ASK_EVERY_MS);
    context.signal.addEventListener("abort", () => reject(context.signal.reason), { once: true });
  }).finally(() => {
    clearInterval(timer);
    void input.close();
  });
}

const tooMuch = (name: string) =>
  new LineRefusal(`${name} has too much to do: give it less, or a simpler expression`);

/** V8 aborts where the memory is used up. */
const endedAlone = (name: string, how: NodeJS.Signals | number | null) =>
  how === "SIGABRT" || how === "SIGTRAP" || how === 134
    ? tooMuch(name)
    : new Error(`${name} ended by itself with ${how}`);

/** What a filter reads, a piece whenever it asks. */
class FilterInput {
  readonly #name: string;
  readonly #context: CommandContext;
  #pieces: AsyncIterator<Buffer> | null = null;

  constructor(name: string, context: CommandContext) {
    this.#name = name;
    this.#context = context;
  }

  open(names: string[]): null {
    this.#pieces = inputOf(this.#context, names, this.#name);
    return null;
  }

  async next(): Promise<Uint8Array | null> {
    const { done, value } = await this.#pieces!.next();
    return done ? null : value;
  }

  /** Whoever writes to it is told that nobody reads on. */
  async close(): Promise<void> {
    await this.#pieces?.return?.();
  }
}
