import { spawn } from "node:child_process";
import { childEnvironment } from "../../config/child-environment.ts";

const LONGEST_OUTPUT = 4096;
const LONGEST_MS = 10 * 60_000;

/** Runs npm; throws with its first words where it fails or is not there. */
export function runNpm(args: string[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("npm", args, {
      ...{ stdio: ["ignore", "pipe", "pipe"], env: childEnvironment({}), signal, timeout: LONGEST_MS },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => {
        output = (output + chunk.toString()).slice(0, LONGEST_OUTPUT);
      });
    child.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "ENOENT" ? new Error("npm is not installed") : error),
    );
    child.once("close", (code) => {
      if (code === 0) return resolve();
      const lines = output
        .split("\n")
        .filter((line) => line !== "" && !/^npm error (code|syscall|errno) /.test(line));
      reject(new Error(lines[0] ?? `npm ended with ${code}`));
    });
  });
}
