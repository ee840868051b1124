import type { AuditScope } from "../../audit/query/scope.ts";
import { FollowingSink } from "../../audit/sinks/following-sink.ts";
import type { SinkRegistry } from "../../audit/sinks/sink-registry.ts";
import { createPool } from "../../db/pool.ts";
import { log } from "../../log.ts";
import { evaluateAlerts } from "./alert-sink.ts";
import { fireWhatIsDue, forgetOldFirings, tellWhatWasQuiet } from "./tell-later.ts";

const LOOK_MS = 5_000;
const FORGET_MS = 3_600_000;
/** Reading a page and moving the cursor: what takes longer waits for a lock, and is tried again. */
const STATEMENT_MS = 10_000;

export interface RunningAlerts {
  /** Does now what was kept for later and is due. */
  lookOnce(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Follows the record and fires alerts, and tells later what was held back. Of all replicas one at a time reads each stream.
 * `scope`: that of everybody's records.
 */
export function startAlerts(input: {
  databaseUrl: string;
  scope: AuditScope;
  registry: SinkRegistry;
}): RunningAlerts {
  const pool = createPool(input.databaseUrl, {
    max: 2,
    applicationName: "kubewitness alerts",
    statementMs: STATEMENT_MS,
  });
  const sink = new FollowingSink(evaluateAlerts(input.scope), { pool, scope: input.scope });
  input.registry.add(sink);
  let looking: Promise<void> = Promise.resolve();
  const lookOnce = () => {
    looking = looking.then(look);
    return looking;
  };
  const timer = setInterval(() => void lookOnce(), LOOK_MS);
  const forgetting = setInterval(() => void forgetOldFirings().catch(report), FORGET_MS);
  for (const each of [timer, forgetting]) each.unref();
  return {
    lookOnce,
    stop: async () => {
      clearInterval(timer);
      clearInterval(forgetting);
      await Promise.all([looking, sink.stop()]);
      await pool.end();
    },
  };
}

async function look(): Promise<void> {
  await fireWhatIsDue().catch(report);
  await tellWhatWasQuiet().catch(report);
}

function report(error: unknown): void {
  log.warn({ err: error }, "alerts that were held back could not be looked at; it is tried again");
}
