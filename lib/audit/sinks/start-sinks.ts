import type pg from "pg";
import type { AuditScope } from "../query/scope.ts";
import { checkNumbers } from "./check-numbers.ts";
import { FollowingSink, type SinkDefinition } from "./following-sink.ts";
import type { SinkRegistry } from "./sink-registry.ts";

/** Every sink that reads the record; PostgreSQL's writer reads the journal instead, and makes the numbers that these go by. */
const SINKS: readonly (() => SinkDefinition)[] = [checkNumbers];

export interface RunningSinks {
  /** Ends each after the page that it is at. */
  stop(): Promise<void>;
}

/** Starts them, each from its cursor on. `scope`: that of everybody's records. */
export function startSinks(input: {
  pool: pg.Pool;
  scope: AuditScope;
  registry: SinkRegistry;
}): RunningSinks {
  const running = SINKS.map((define) => new FollowingSink(define(), input));
  for (const sink of running) input.registry.add(sink);
  return {
    stop: async () => {
      await Promise.all(running.map((sink) => sink.stop()));
    },
  };
}
