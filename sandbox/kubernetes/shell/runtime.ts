import { createHash, randomBytes } from "node:crypto";
import { BytePipe } from "./byte-pipe.ts";
import { LogBuffer, type LogLine, type ReadLogOptions } from "./log-buffer.ts";
import { ExecStartError, type PodProcess } from "./pod-process.ts";

export interface PodRuntimeOptions {
  namespace: string;
  pod: string;
  container: string;
  image: string;
  environment: Record<string, string>;
  /** The pod's address; made up from the names where it is not given. */
  ip?: string;
  /** The container's command and arguments, as in the pod spec. Without: the image's own, a server that runs on. */
  command?: string[];
  /** `stdin`, `stdinOnce` and `tty` of the container spec: what `kubectl run -it` sets. */
  stdin?: boolean;
  stdinOnce?: boolean;
  tty?: boolean;
  /** The main process has ended. */
  onExit?(code: number): void;
}

/** A container of the sandbox: files, processes and a log, all in memory. Nothing of the host is ever run or read. */
export class PodRuntime {
  readonly options: PodRuntimeOptions;
  readonly #log = new LogBuffer();

  constructor(options: PodRuntimeOptions) {
    this.options = options;
  }

  /** Appends to the container's log; `time` for lines of the past. */
  writeLog(text: string, time?: Date): void {
    this.#log.append(text, time);
  }

  /** The container's log, as `kubectl logs` reads it. */
  readLog(options: ReadLogOptions = {}): AsyncIterable<LogLine> {
    return this.#log.read(options);
  }

  /** Starts a command beside the main process. Throws an ExecStartError where there is no such program. */
  exec(input: { command: string[]; tty: boolean; stdin: boolean }): PodProcess {
    const [name, ...args] = input.command;
    if (name !== "echo" && name !== "true" && name !== "cat") {
      const id = createHash("sha256").update(randomBytes(16)).digest("hex");
      throw new ExecStartError(
        `error executing command in container: failed to exec in container: failed to start exec "${id}": ` +
          `OCI runtime exec failed: exec failed: unable to start container process: exec: "${name}": executable file not found in $PATH: unknown`,
      );
    }
    const process = { stdin: new BytePipe(), stdout: new BytePipe(), stderr: new BytePipe() };
    const run = async () => {
      if (name === "echo") await process.stdout.write(Buffer.from(`${args.join(" ")}\n`));
      if (name === "cat")
        for (let chunk = await process.stdin.read(); chunk !== null; chunk = await process.stdin.read())
          await process.stdout.write(chunk);
      process.stdout.end();
      process.stderr.end();
      return 0;
    };
    return { ...process, exit: run(), resize: () => undefined, hangUp: () => process.stdin.end() };
  }

  /** Connects to the main process: what it writes from now on, and its stdin where it has one. */
  attach(input: { stdin: boolean }): PodProcess {
    return this.exec({ command: ["cat"], tty: false, stdin: input.stdin });
  }

  /** Ends the container, as deleting its pod does. */
  stop(): void {
    this.#log.close();
  }
}
