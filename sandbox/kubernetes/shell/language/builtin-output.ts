import type { Interpreter } from "./interpreter.ts";

export async function print(shell: Interpreter, text: string): Promise<number> {
  await shell.streams.stdout.write(Buffer.from(text), shell.process.signal);
  return 0;
}

export async function fail(shell: Interpreter, message: string, exitCode = 1): Promise<number> {
  await shell.printError(message);
  return exitCode;
}

export async function forEach(args: string[], action: (arg: string) => void): Promise<number> {
  for (const arg of args) action(arg);
  return 0;
}
