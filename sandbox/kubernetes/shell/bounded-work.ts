import vm from "node:vm";

const LIMIT_MS = 500;
const context = vm.createContext(Object.assign(Object.create(null), { work: null }));
const script = new vm.Script("work()");

/** A piece of synchronous work took too long; in practice a regular expression that backtracks without end. */
export class WorkTooLongError extends Error {
  constructor() {
    super("regular expression too complex");
    this.name = "WorkTooLongError";
  }
}

/** Runs `work` for half a second at most: patterns come from whoever types in the shell, and matching cannot wait. */
export function runBounded<Result>(work: () => Result): Result {
  context.work = work;
  try {
    return script.runInContext(context, { timeout: LIMIT_MS }) as Result;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT")
      throw new WorkTooLongError();
    throw error;
  } finally {
    context.work = null;
  }
}
