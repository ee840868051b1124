import type { TcpNetConnectOpts } from "node:net";
import type { Duplex } from "node:stream";

/** Where an API server listens, as its cluster's endpoint has it. */
export interface Address {
  /** A name, or an IP address without brackets. */
  host: string;
  port: number;
}

/** What is known of who carries a call: an agent of a reverse tunnel, and the tag that picked it, if one did. */
export interface Carried {
  agent: string;
  tag: string | null;
}

/** One of several who can carry a transport's bytes. */
export interface Carrier {
  readonly agent: { readonly name: string };
  /** Counts a call that it carries; returns what ends it. */
  begin(): () => void;
  /** As {@link Transport.dial}. */
  open(signal: AbortSignal): Promise<Duplex>;
  /** Calls `listener` once when it takes no new calls any more, or is gone. Returns the unsubscriber. */
  onDraining(listener: () => void): () => void;
}

/** Those that may carry a call, best first, and by which tag they were picked. */
export interface Carriers {
  carriers: readonly Carrier[];
  tag: string | null;
}

/** A form of the way to clusters. Each is one file of this folder; `../choose-transport.ts` says which one a call takes. */
export interface Transport {
  /** Names it in the log and on the record. Calls share connections where this is the same. */
  readonly name: string;
  /** Whoever carries the bytes speaks TLS to the API server, and proves the call to it: nothing of that is said through this transport. */
  readonly endsTls?: boolean;
  /**
   * Opens a byte stream to an API server and says nothing on it: TLS is spoken by `connect.ts`. Once it has resolved, the stream tells
   * of its failure by `error` and `close`, as a socket does. `tag`: of who is to carry it, where several do.
   *
   * Rejects with the signal's reason where that is aborted; with an AppError where its message is for the caller; else with an error
   * whose `code` says why, as Node's sockets do: ECONNREFUSED, ECONNRESET, EHOSTUNREACH, ENOTFOUND, ETIMEDOUT. Leaves nothing open then.
   */
  dial(address: Address, signal: AbortSignal, tag?: string | null): Promise<Duplex>;
  /**
   * Where `dial` is a socket of this machine: what Node is to be told to make one. Node reads TLS without a stream in between only on a socket that
   * it makes itself. @throws AppError where the address may not be called.
   */
  socketOptions?(address: Address): TcpNetConnectOpts;
  /**
   * Where several carry the bytes, each call chooses one: those that it may choose. @throws AppError where there is none.
   */
  carriers?(tag: string | null): Carriers;
}
