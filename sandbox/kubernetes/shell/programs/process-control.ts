import { setTimeout } from "node:timers/promises";
import { ProcessContext, type Program } from "../process-context.ts";
import { ProcessNode, SIGNALS } from "../process-table.ts";
import { parseOptions } from "./options.ts";

const MAX_TIMER_MS = 2 ** 31 - 1;

async function sleepFor(process: ProcessContext, milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= MAX_TIMER_MS) {
    await setTimeout(Math.min(left, MAX_TIMER_MS), undefined, { signal: process.signal }).catch(() =>
      process.signal.throwIfAborted(),
    );
  }
}

const UNITS: Record<string, number> = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 };

function parseDuration(text: string): number | undefined {
  if (text === "infinity" || text === "inf") return Infinity;
  const match = /^(\d{1,9}(?:\.\d+)?)([smhd]?)$/.exec(text);
  return match === null ? undefined : Number(match[1]) * UNITS[match[2]!]! * 1000;
}

export const sleep: Program = async (process) => {
  const durations = process.args.map(parseDuration);
  const wrong = durations.indexOf(undefined);
  if (wrong !== -1) return process.fail(`invalid number '${process.args[wrong]}'`);
  if (durations.length === 0) return process.fail("usage: sleep NUMBER[smhd]...");
  await sleepFor(
    process,
    durations.reduce<number>((sum, duration) => sum + duration!, 0),
  );
  return 0;
};

export const ps: Program = async (process) => {
  const long = process.args.some((arg) => /e|f|a|x|u/.test(arg));
  const rows = process.container.processes.list().sort((a, b) => a.pid - b.pid);
  await process.print(
    long && process.args.some((arg) => arg.includes("f") || arg.includes("u"))
      ? `PID   PPID  USER     TIME  COMMAND\n${rows.map((row) => `${String(row.pid).padStart(5)} ${String(row.parentPid).padStart(5)} root     0:00  ${row.command}\n`).join("")}`
      : `PID   USER     TIME  COMMAND\n${rows.map((row) => `${String(row.pid).padStart(5)} root     0:00  ${row.command}\n`).join("")}`,
  );
  return 0;
};

/** One picture, as `top -n 1`: there is no screen to keep. */
export const top: Program = async (process) => {
  const rows = process.container.processes.list().sort((a, b) => a.pid - b.pid);
  await process.print(
    "Mem: 614400K used, 1482752K free, 1024K shrd, 40960K buff, 389120K cached\n" +
      "CPU:   1% usr   0% sys   0% nic  98% idle   0% io   0% irq   0% sirq\n" +
      "Load average: 0.08 0.03 0.01 1/128 42\n" +
      "  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND\n" +
      rows
        .map(
          (row) =>
            `${String(row.pid).padStart(5)} ${String(row.parentPid).padStart(5)} root     S     4400   0%   0   0% ${row.command}\n`,
        )
        .join(""),
  );
  return 0;
};

export const kill: Program = async (process) => {
  let signal = SIGNALS.TERM!;
  const args = [...process.args];
  if (args[0] === "-l") {
    await process.print(
      `${Object.entries(SIGNALS)
        .map(([name, number]) => `${number}) SIG${name}`)
        .join("\n")}\n`,
    );
    return 0;
  }
  if (args[0]?.startsWith("-") === true && args.length > 1) {
    const name = (args[0] === "-s" ? args.splice(0, 2)[1]! : args.shift()!.slice(1))
      .toUpperCase()
      .replace(/^SIG/, "");
    const number = /^\d+$/.test(name) ? Number(name) : SIGNALS[name];
    if (number === undefined) return process.fail(`bad signal name '${name}'`);
    signal = number;
  }
  if (args.length === 0) return process.fail("you need to specify whom to kill");
  let exitCode = 0;
  for (const arg of args) {
    const entry = process.container.processes.find(Number(arg));
    if (entry === undefined) exitCode = await process.fail(`can't kill pid ${arg}: No such process`);
    else if (signal === 0) continue;
    // The kernel drops signals from inside a container to its first process, unless that handles them.
    else if (entry.pid !== 1 || entry.node.handler !== null) {
      if (entry.pid === 1 && signal === SIGNALS.KILL) continue;
      entry.node.kill(signal);
    }
  }
  return exitCode;
};

export const timeout: Program = async (process) => {
  const options = parseOptions(process.args, { values: "sk", stopAtOperand: true });
  const [duration = "", ...command] = options.operands;
  const milliseconds = parseDuration(duration);
  if (options.error !== null || milliseconds === undefined || command.length === 0) {
    return process.fail(options.error ?? "usage: timeout SECS PROG ARGS");
  }
  const node = new ProcessNode(process.entry.node);
  let expired = false;
  const timer = globalThis.setTimeout(
    () => {
      expired = true;
      node.kill(SIGNALS.TERM!);
    },
    Math.min(milliseconds, MAX_TIMER_MS),
  );
  const child = new ProcessContext({
    ...process.inherited(),
    entry: { ...process.entry, node },
    signal: node.signal,
  });
  try {
    const exitCode = await process.container.run(child, command);
    return expired ? 143 : exitCode;
  } finally {
    clearTimeout(timer);
    node.detach();
  }
};

export const nohup: Program = (process) => process.container.run(process, process.args);

export const time: Program = async (process) => {
  const started = performance.now();
  const exitCode = await process.container.run(process, process.args);
  const seconds = (performance.now() - started) / 1000;
  await process.printError(
    `real\t${Math.floor(seconds / 60)}m ${(seconds % 60).toFixed(2)}s\nuser\t0m 0.00s\nsys\t0m 0.00s\n`,
  );
  return exitCode;
};
