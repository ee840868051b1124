import { createPool } from "../../db/pool.ts";
import type { AuditScope } from "../query/scope.ts";
import { checkNumbers } from "./check-numbers.ts";
import { FollowingSink, type SinkDefinition } from "./following-sink.ts";
import type { SinkRegistry } from "./sink-registry.ts";

/** Every sink that reads the record; PostgreSQL's writer reads the journal instead, and makes the numbers that these go by. */
const SINKS: readonly (() => SinkDefinition)[] = [checkNumbers];

/** All of them read pages and move cursors: a statement that takes longer waits for a lock, and is tried again. */
const STATEMENT_MS = 10_000;

export interface RunningSinks {
  /** Ends each after the page that it is at. */
  stop(): Promise<void>;
}

/**
 * Starts them, each from its cursor on, on connections of their own: who reads the record keeps none of them waiting, nor they anybody.
 * `scope`: that of everybody's records.
 */
export function startSinks(input: {
  databaseUrl: string;
  scope: AuditScope;
  registry: SinkRegistry;
}): RunningSinks {
  const pool = createPool(input.databaseUrl, {
    max: 2,
    applicationName: "kubewitness sinks",
    statementMs: STATEMENT_MS,
  });
  const running = SINKS.map((define) => new FollowingSink(define(), { pool, scope: input.scope }));
  for (const sink of running) input.registry.add(sink);
  return {
    stop: async () => {
      await Promise.all(running.map((sink) => sink.stop()));
      await pool.end();
    },
  };
}
