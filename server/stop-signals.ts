import { log } from "../lib/log.ts";
import { listenToDefects } from "./uncaught.ts";

/** One thing to stop, and what the log calls it. */
export type StopStep = [name: string, stop: () => Promise<unknown>];

const DEADLINE_MS = 25_000;

/**
 * On SIGINT, SIGTERM, when the terminal that this was started at is closed, when the process that started this one (`npm start`) is gone, when `stop` is
 * called, or, with exit code 1, after a defect: stops one thing after the other and ends the process. What fails to stop is logged and does not keep the rest
 * from being stopped; nor does what hangs. `onDefect`: this process serves no calls, and goes on after a defect; it is told of each.
 */
export function stopOnSignal(
  steps: StopStep[],
  { onDefect = null }: { onDefect?: (() => void) | null } = {},
): { stop(): void } {
  let stopping = false;
  const stop = (code: number) => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => end("draining took too long", 1), DEADLINE_MS);
    void stopAll(steps).then((failed) => end("stopped", failed ? 1 : code));
  };
  const begin = () => stop(0);
  listenToDefects((error) => {
    if (onDefect === null) {
      log.fatal({ err: error }, "a defect: the process drains and ends, to be started again");
      stop(1);
    } else {
      log.fatal(
        { err: error },
        "a defect of the console: its process goes on, the calls are other processes'",
      );
      onDefect();
    }
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, begin);
  if (isAtTerminal()) process.on("SIGHUP", begin);
  process.on("disconnect", begin);
  // Whoever started this one was gone before it had started.
  if (process.connected === false) begin();
  process.channel?.unref();
  return { stop: begin };
}

/** Runs `reload` on SIGHUP, as services take it. At a terminal that is its end. */
export function reloadOnSignal(reload: () => Promise<void>): void {
  if (!isAtTerminal()) process.on("SIGHUP", () => void reload());
}

/** `npm start` gives the server no standard input: it looks after the terminal itself. */
const isAtTerminal = () => process.stdin.isTTY === true;

async function stopAll(steps: StopStep[]): Promise<boolean> {
  log.info("draining");
  let failed = false;
  for (const [name, stop] of steps) {
    try {
      await stop();
    } catch (error) {
      failed = true;
      log.error({ err: error }, `${name} did not stop`);
    }
  }
  return failed;
}

function end(message: string, code: number): never {
  log.info({ code }, message);
  log.flush();
  process.exit(code);
}
