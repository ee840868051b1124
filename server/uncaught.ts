import { explainOutage } from "../lib/db/outage.ts";
import { log } from "../lib/log.ts";

// Next listens to uncaught exceptions of the whole process, prints them and lets it go on, the gateway in a state that nobody knows. Here a defect
// ends a process that serves calls, drained, so that it is started again; what is only a connection's does not.

/** Errors that belong to one connection or stream, thrown where nobody listened to it any more. */
const OF_A_CONNECTION =
  /^(E(CONNRESET|CONNREFUSED|CONNABORTED|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN)|ABORT_ERR|HPE_.*|UND_ERR_.*|ERR_(STREAM|SSL|TLS|HTTP)_.*|ERR_INVALID_STATE)$/;

/** Calls `onDefect` for an exception that nobody caught. Rejections that nobody waited for are logged: a page that is rendered leaves some. */
export function listenToDefects(onDefect: (error: unknown) => void): void {
  process.on("uncaughtException", (error: unknown, origin) => {
    if (origin === "unhandledRejection" || isOfConnection(error)) {
      log.error({ err: error }, "an error that nobody waited for");
      return;
    }
    onDefect(error);
  });
  process.on("unhandledRejection", (reason) =>
    log.error({ err: reason }, "a rejection that nobody waited for"),
  );
}

/** Runs `work` and takes away the listeners to uncaught exceptions that it added. Those to rejections stay: Next sorts out its own. */
export async function keepUncaughtFrom(work: () => Promise<void>): Promise<void> {
  const before = new Set(process.listeners("uncaughtException"));
  await work();
  for (const listener of process.listeners("uncaughtException")) {
    if (!before.has(listener)) process.removeListener("uncaughtException", listener);
  }
}

function isOfConnection(error: unknown): boolean {
  if (explainOutage(error) !== error) return true;
  if (!(error instanceof Error) || !("code" in error)) return false;
  return typeof error.code === "string" && OF_A_CONNECTION.test(error.code);
}
