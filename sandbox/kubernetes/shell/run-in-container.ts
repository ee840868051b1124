import type { BytePipe } from "./byte-pipe.ts";
import { PodRuntime, type PodRuntimeOptions } from "./runtime.ts";

/** For tests: a container of its own. */
export function startContainer(options: Partial<PodRuntimeOptions> = {}): PodRuntime {
  return new PodRuntime({
    namespace: "shop",
    pod: "web-1",
    container: "web",
    image: "nginx:1.27",
    environment: {},
    ...options,
  });
}

export interface FinishedCommand {
  code: number;
  stdout: string;
  stderr: string;
}

/** For tests: runs a command to its end and gives all that it wrote. */
export async function runInContainer(
  runtime: PodRuntime,
  command: string[],
  stdin?: string | Buffer,
): Promise<FinishedCommand> {
  const process = runtime.exec({ command, tty: false, stdin: stdin !== undefined });
  if (stdin !== undefined)
    void process.stdin.write(Buffer.from(stdin)).then(
      () => process.stdin.end(),
      () => undefined,
    );
  const [code, stdout, stderr] = await Promise.all([
    process.exit,
    readAll(process.stdout),
    readAll(process.stderr),
  ]);
  return { code, stdout, stderr };
}

async function readAll(pipe: BytePipe): Promise<string> {
  const chunks: Buffer[] = [];
  for (let chunk = await pipe.read(); chunk !== null; chunk = await pipe.read()) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
