import type { ProcessContext, Program } from "../process-context.ts";
import { humanSize, parseOptions } from "./options.ts";

const KERNEL = "6.6.87-sandbox";
const MEMORY_BYTES = 2 * 1024 ** 3;

export const whoami: Program = async (process) => {
  await process.print("root\n");
  return 0;
};

export const id: Program = async (process) => {
  const options = parseOptions(process.args, { flags: "ugnGr" });
  if (options.error !== null) return process.fail(options.error);
  const named = options.flags.has("n");
  if (options.flags.has("u") || options.flags.has("g") || options.flags.has("G"))
    await process.print(named ? "root\n" : "0\n");
  else await process.print("uid=0(root) gid=0(root) groups=0(root)\n");
  return 0;
};

export const hostname: Program = async (process) => {
  const { identity } = process.container;
  await process.print(
    `${process.args.includes("-i") || process.args.includes("-I") ? identity.ip : identity.pod}\n`,
  );
  return 0;
};

export const uname: Program = async (process) => {
  const fields: Record<string, string> = {
    s: "Linux",
    n: process.container.identity.pod,
    r: KERNEL,
    v: "#1 SMP PREEMPT_DYNAMIC",
    m: "x86_64",
    o: "Linux",
  };
  const options = parseOptions(process.args, { flags: "asnrvmpo" });
  if (options.error !== null) return process.fail(options.error);
  const wanted = options.flags.has("a") ? Object.keys(fields) : [...options.flags];
  await process.print(
    `${(wanted.length === 0 ? ["s"] : wanted).map((letter) => fields[letter] ?? "unknown").join(" ")}\n`,
  );
  return 0;
};

const DATE_FIELDS: Record<string, (date: Date) => string> = {
  Y: (date) => String(date.getUTCFullYear()),
  m: (date) => two(date.getUTCMonth() + 1),
  d: (date) => two(date.getUTCDate()),
  H: (date) => two(date.getUTCHours()),
  M: (date) => two(date.getUTCMinutes()),
  S: (date) => two(date.getUTCSeconds()),
  s: (date) => String(Math.floor(date.getTime() / 1000)),
  N: (date) => `${String(date.getUTCMilliseconds()).padStart(3, "0")}000000`,
  F: (date) => date.toISOString().slice(0, 10),
  T: (date) => date.toISOString().slice(11, 19),
  Z: () => "UTC",
  z: () => "+0000",
  a: (date) => date.toUTCString().slice(0, 3),
  b: (date) => date.toUTCString().slice(8, 11),
  j: (date) =>
    String(Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1).padStart(
      3,
      "0",
    ),
  n: () => "\n",
  "%": () => "%",
};

export const date: Program = async (process) => {
  const now = new Date();
  const format = process.args.find((arg) => arg.startsWith("+"));
  if (format !== undefined) {
    await process.print(
      `${format.slice(1).replace(/%([a-zA-Z%])/g, (whole, letter: string) => DATE_FIELDS[letter]?.(now) ?? whole)}\n`,
    );
  } else if (process.args.some((arg) => /^-I|^--iso/.test(arg)))
    await process.print(`${now.toISOString().slice(0, 19)}+00:00\n`);
  else {
    const [, weekday, day, month, year, time] = /^(\w{3}), (\d\d) (\w{3}) (\d{4}) (\S+)/.exec(
      now.toUTCString(),
    )!;
    await process.print(`${weekday} ${month} ${day!.replace(/^0/, " ")} ${time} UTC ${year}\n`);
  }
  return 0;
};

function two(value: number): string {
  return String(value).padStart(2, "0");
}

export const uptime: Program = async (process) => {
  const seconds = Math.floor((Date.now() - process.container.startedAt.getTime()) / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  await process.print(
    ` ${new Date().toISOString().slice(11, 19)} up ${hours}:${two(minutes)},  0 users,  load average: 0.08, 0.03, 0.01\n`,
  );
  return 0;
};

export const nproc: Program = async (process) => {
  await process.print("2\n");
  return 0;
};

export const tty: Program = async (process) => {
  const isTerminal = process.terminal !== null && process.stdin === process.terminal.reader;
  await process.print(isTerminal ? "/dev/pts/0\n" : "not a tty\n");
  return isTerminal ? 0 : 1;
};

export const pwd: Program = async (process) => {
  await process.print(`${process.directory}\n`);
  return 0;
};

export const printenv: Program = async (process) => {
  if (process.args.length === 0) return printEnvironment(process);
  let exitCode = 0;
  for (const name of process.args) {
    const value = process.environment.get(name);
    if (value === undefined) exitCode = 1;
    else await process.print(`${value}\n`);
  }
  return exitCode;
};

/** `env`, also `env NAME=value program`. */
export const env: Program = async (process) => {
  const options = parseOptions(process.args, { flags: "i", values: "u", stopAtOperand: true });
  if (options.error !== null) return process.fail(options.error);
  const environment = new Map(options.flags.has("i") ? [] : process.environment);
  environment.delete(options.values.get("u") ?? "");
  const operands = [...options.operands];
  while (/^[A-Za-z_]\w*=/.test(operands[0] ?? "")) {
    const [name = "", ...value] = operands.shift()!.split("=");
    environment.set(name, value.join("="));
  }
  if (operands.length > 0) return process.container.run(process, operands, { environment });
  process.environment = environment;
  return printEnvironment(process);
};

async function printEnvironment(process: ProcessContext): Promise<number> {
  await process.print([...process.environment].map(([name, value]) => `${name}=${value}\n`).join(""));
  return 0;
}

export const which: Program = async (process) => {
  let exitCode = 0;
  for (const name of process.args.filter((arg) => !arg.startsWith("-"))) {
    const path = process.container.findProgram(name, {
      directory: process.directory,
      path: process.environment.get("PATH") ?? "",
    });
    if (path === undefined) exitCode = 1;
    else await process.print(`${path}\n`);
  }
  return exitCode;
};

export const df: Program = async (process) => {
  const { quota } = process.container.files;
  const show = (bytes: number) =>
    process.args.some((arg) => /^-.*h/.test(arg)) ? humanSize(bytes) : String(Math.ceil(bytes / 1024));
  const rows = [
    ["overlay", quota.limitBytes, quota.usedBytes, "/"],
    ["tmpfs", 64 * 1024 ** 2, 0, "/dev"],
    ["shm", 64 * 1024 ** 2, 0, "/dev/shm"],
    ["tmpfs", MEMORY_BYTES, 12 * 1024, "/run/secrets/kubernetes.io/serviceaccount"],
  ] as const;
  let text = `${"Filesystem".padEnd(20)} ${"Size".padStart(10)} ${"Used".padStart(9)} ${"Available".padStart(9)} Use% Mounted on\n`;
  for (const [name, size, used, mount] of rows) {
    const percent = `${Math.ceil((used / size) * 100)}%`;
    text += `${name.padEnd(20)} ${show(size).padStart(10)} ${show(used).padStart(9)} ${show(size - used).padStart(9)} ${percent.padStart(4)} ${mount}\n`;
  }
  await process.print(text);
  return 0;
};

export const free: Program = async (process) => {
  const mega = process.args.some((arg) => /^-.*m/.test(arg));
  const human = process.args.some((arg) => /^-.*h/.test(arg));
  const show = (bytes: number) =>
    (human ? humanSize(bytes) : String(Math.round(bytes / (mega ? 1024 ** 2 : 1024)))).padStart(11);
  const used = 180 * 1024 ** 2 + process.container.files.quota.usedBytes;
  const cached = 420 * 1024 ** 2;
  await process.print(
    `${" ".repeat(7)}${["total", "used", "free", "shared", "buff/cache", "available"].map((name) => name.padStart(11)).join(" ")}\n` +
      `Mem:   ${[MEMORY_BYTES, used, MEMORY_BYTES - used - cached, 0, cached, MEMORY_BYTES - used].map(show).join(" ")}\n` +
      `Swap:  ${[0, 0, 0].map(show).join(" ")}\n`,
  );
  return 0;
};
