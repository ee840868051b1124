import type { ClusterCall, ClusterCallHandler, ClusterCalls, ClusterRequest } from "./cluster-call.ts";
import type { ConnectionPool } from "./connection-pool.ts";
import { OngoingCall } from "./ongoing-call.ts";

/** Calls on kept connections that all go the same way. */
export class PooledCalls implements ClusterCalls {
  readonly #pool: ConnectionPool;

  constructor(pool: ConnectionPool) {
    this.#pool = pool;
  }

  begin(request: ClusterRequest, handler: ClusterCallHandler): ClusterCall {
    const call = new OngoingCall(request, handler);
    this.#pool.start(call);
    return call;
  }

  async close(): Promise<void> {
    this.#pool.close();
  }

  async destroy(): Promise<void> {
    this.#pool.destroy();
  }
}
