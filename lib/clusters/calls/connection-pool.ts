import type { Duplex } from "node:stream";
import { SlotSet } from "../../slot-set.ts";
import type { ClientCertificate, CredentialSource } from "../credentials/source.ts";
import type { ByteReader } from "../transports/byte-reader.ts";
import { callError } from "./call-errors.ts";
import { ClusterConnection, type ConnectionKeeper } from "./cluster-connection.ts";
import type { OngoingCall } from "./ongoing-call.ts";

export interface ConnectionPoolOptions {
  /** What a request's Host says. */
  host: string;
  source: Pick<CredentialSource, "atHand" | "current">;
  /** Milliseconds after which one that nothing goes by is closed. */
  idleMs?: number;
  /** Opens a connection with that certificate, whose bytes go to the reader. */
  connect(options: {
    certificate: ClientCertificate;
    reader: ByteReader;
    signal: AbortSignal;
  }): Promise<Duplex>;
}

// kube-apiserver closes idle connections after 3 minutes, most load balancers after 60 s: the gateway is first.
const IDLE_MS = 50_000;
const SWEEP_MS = 1_000;

/** Kept connections to one API server, as many as there are calls. */
export class ConnectionPool implements ConnectionKeeper {
  readonly host: string;
  readonly #options: ConnectionPoolOptions;
  readonly #all = new SlotSet<ClusterConnection>();
  /** The one that was used last is at the end, and is used next: those that are not needed grow old at the beginning. */
  readonly #idle: ClusterConnection[] = [];
  /** What was released in this turn. */
  #released: ClusterConnection[] = [];
  #certificate: ClientCertificate = null;
  /** Counts the certificates. */
  #generation = 0;
  #sweep: NodeJS.Timeout | null = null;
  #state: "open" | "closed" | "destroyed" = "open";

  constructor(options: ConnectionPoolOptions) {
    this.host = options.host;
    this.#options = options;
  }

  /** Sends a call, at once where a connection is free; the call is told of whatever is in the way. */
  start(call: OngoingCall): void {
    const credential = this.#options.source.atHand();
    if (credential !== null) this.#startAs(call, credential.certificate);
    else this.#askCredential(call);
  }

  async #askCredential(call: OngoingCall): Promise<void> {
    let certificate: ClientCertificate;
    try {
      ({ certificate } = await this.#options.source.current());
    } catch (error) {
      call.notConnected(error as Error);
      return;
    }
    if (!call.isOver) this.#startAs(call, certificate);
  }

  #startAs(call: OngoingCall, certificate: ClientCertificate): void {
    if (certificate !== this.#certificate) this.#renew(certificate);
    if (call.request.isRetry !== true) {
      for (let free = this.#idle.pop(); free !== undefined; free = this.#idle.pop()) {
        if (free.isUsable) {
          free.send(call);
          return;
        }
        free.destroy();
      }
    }
    if (this.#state === "destroyed") process.nextTick(refuse, call);
    else this.#dial(call, certificate);
  }

  #dial(call: OngoingCall, certificate: ClientCertificate): void {
    const connection = new ClusterConnection(this, this.#generation);
    this.#all.add(connection);
    this.#sweep ??= setInterval(() => this.#tidy(), SWEEP_MS).unref();
    const connect = (reader: ByteReader, signal: AbortSignal) =>
      this.#options.connect({ certificate, reader, signal });
    void connection.open(connect, call);
  }

  /** To the API server, a connection is who showed its certificate on it: another one's is not used any more. */
  #renew(certificate: ClientCertificate): void {
    const before = this.#certificate;
    this.#certificate = certificate;
    // What is asked for anew is often what was there before.
    if (before?.certificate === certificate?.certificate && before?.key === certificate?.key) return;
    this.#generation += 1;
    this.#closeIdle();
  }

  /**
   * Bytes may have been read with an answer that are told only after it, in this turn: until it is over nobody asks anything on the connection,
   * so that they are what nobody asked for.
   */
  keep(connection: ClusterConnection): void {
    if (this.#released.push(connection) === 1) setImmediate(this.#settle);
  }

  readonly #settle = (): void => {
    const released = this.#released;
    this.#released = [];
    const now = performance.now();
    for (const connection of released) {
      const isCurrent = this.#state === "open" && connection.certificate === this.#generation;
      if (!isCurrent) connection.destroy();
      else if (connection.isUsable) {
        connection.idleSince = now;
        this.#idle.push(connection);
      }
    }
  };

  forget(connection: ClusterConnection): void {
    this.#all.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at !== -1) this.#idle.splice(at, 1);
    if (this.#all.size > 0 || this.#sweep === null) return;
    clearInterval(this.#sweep);
    this.#sweep = null;
  }

  #tidy(): void {
    const { idleMs = IDLE_MS } = this.#options;
    const now = performance.now();
    for (const connection of this.#all.members()) connection.endIfLate(now);
    while (this.#idle.length > 0 && now - this.#idle[0]!.idleSince > idleMs) this.#idle[0]!.destroy();
  }

  #closeIdle(): void {
    for (const connection of this.#idle.splice(0)) connection.destroy();
  }

  /** Closes what is idle; what is under way goes on, and its connections close then. */
  close(): void {
    if (this.#state === "open") this.#state = "closed";
    this.#closeIdle();
  }

  /** Cuts all connections, and makes no others. */
  destroy(): void {
    this.#state = "destroyed";
    const error = cut();
    for (const connection of this.#all.members()) connection.cut(error);
  }
}

const cut = () => callError("ECONNABORTED", "the connections to this cluster were cut");
const refuse = (call: OngoingCall): void => call.notConnected(cut());
