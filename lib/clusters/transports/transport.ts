import type { Duplex } from "node:stream";

/** Where an API server listens, as its cluster's endpoint has it. */
export interface Address {
  /** A name, or an IP address without brackets. */
  host: string;
  port: number;
}

/** A form of the way to clusters. Each is one file of this folder; `../choose-transport.ts` says which one a call takes. */
export interface Transport {
  /** Names it in the log and on the record. Calls share connections where this is the same. */
  readonly name: string;
  /**
   * Opens a byte stream to an API server and says nothing on it: TLS is spoken by `connect.ts`. Once it has resolved, the stream tells
   * of its failure by `error` and `close`, as a socket does.
   *
   * Rejects with the signal's reason where that is aborted; with an AppError where its message is for the caller; else with an error
   * whose `code` says why, as Node's sockets do: ECONNREFUSED, ECONNRESET, EHOSTUNREACH, ENOTFOUND, ETIMEDOUT. Leaves nothing open then.
   */
  dial(address: Address, signal: AbortSignal): Promise<Duplex>;
}
