import { DialError } from "../../tunnels/hub/dial-error.ts";
import type { Carried, Carrier, Carriers } from "../transports/transport.ts";
import type { ClusterCall, ClusterCallHandler, ClusterCalls, ClusterRequest } from "./cluster-call.ts";
import type { ConnectionPool } from "./connection-pool.ts";
import { type Carriage, OngoingCall } from "./ongoing-call.ts";

export interface CarriedCallsOptions {
  /** Those that may carry a call, best first. @throws AppError where there is none. */
  carriers(tag: string | null): Carriers;
  /** Kept connections by one of them. */
  createPool(carrier: Carrier): ConnectionPool;
}

/** Kept connections by one carrier. */
interface CarrierPool {
  pool: ConnectionPool;
  /** Is not told any more when the carrier drains. */
  unsubscribe(): void;
}

/** A call tries so many, as long as nothing of it was sent. */
const MOST_TRIES = 3;

/** Each call goes by the carrier that is best for it at the moment, and by the next where that one gives no connection. */
export class CarriedCalls implements ClusterCalls {
  readonly #options: CarriedCallsOptions;
  readonly #pools = new Map<Carrier, CarrierPool>();
  #end: "close" | "destroy" | null = null;

  constructor(options: CarriedCallsOptions) {
    this.#options = options;
  }

  begin(request: ClusterRequest, handler: ClusterCallHandler): ClusterCall {
    const call = new OngoingCall(request, handler);
    let chosen: Carriers;
    try {
      chosen = this.#options.carriers(request.carrierTag ?? null);
    } catch (error) {
      process.nextTick(refuse, call, error);
      return call;
    }
    this.#attempt(call, chosen, 0);
    return call;
  }

  async close(): Promise<void> {
    this.#end ??= "close";
    for (const pool of this.#takeAll()) pool.close();
  }

  async destroy(): Promise<void> {
    this.#end = "destroy";
    for (const pool of this.#takeAll()) pool.destroy();
  }

  #takeAll(): ConnectionPool[] {
    const taken = [...this.#pools.values()];
    this.#pools.clear();
    // A carrier outlasts whoever uses it: a check of the cluster, each minute, leaves nothing with it.
    for (const { unsubscribe } of taken) unsubscribe();
    return taken.map(({ pool }) => pool);
  }

  #attempt(call: OngoingCall, chosen: Carriers, index: number): void {
    const carrier = chosen.carriers[index]!;
    const mayTryNext = index + 1 < Math.min(chosen.carriers.length, MOST_TRIES);
    const next = mayTryNext ? () => this.#attempt(call, chosen, index + 1) : null;
    call.carriage = new OneCarriage({ agent: carrier.agent.name, tag: chosen.tag }, carrier.begin(), next);
    this.#poolOf(carrier).start(call);
  }

  #poolOf(carrier: Carrier): ConnectionPool {
    const known = this.#pools.get(carrier);
    if (known !== undefined) return known.pool;
    const pool = this.#options.createPool(carrier);
    if (this.#end !== null) {
      pool[this.#end]();
      return pool;
    }
    // Connections that nothing is under way on would keep a carrier that is about to end.
    const unsubscribe = carrier.onDraining(() => {
      if (this.#pools.delete(carrier)) pool.close();
    });
    this.#pools.set(carrier, { pool, unsubscribe });
    return pool;
  }
}

/** A call by one carrier. */
class OneCarriage implements Carriage {
  readonly by: Carried;
  readonly ended: () => void;
  readonly #next: (() => void) | null;

  constructor(by: Carried, ended: () => void, next: (() => void) | null) {
    this.by = by;
    this.ended = ended;
    this.#next = next;
  }

  next(error: Error): boolean {
    if (this.#next === null || !isOfCarrier(error)) return false;
    this.#next();
    return true;
  }
}

/** What another carrier may not be kept by: a certificate or a credential would be the same by each. */
const isOfCarrier = (error: Error & { code?: string }): boolean =>
  error instanceof DialError || error.code === "ETIMEDOUT";

const refuse = (call: OngoingCall, error: Error): void => call.notConnected(error);
