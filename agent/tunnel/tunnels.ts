import { setTimeout as wait } from "node:timers/promises";
import { agentHeaders, type HubIntroduction } from "../../lib/tunnels/protocol/introduction.ts";
import type { Identity } from "../identity/identity.ts";
import { authorization } from "../identity/renew.ts";
import { errorText, type Log } from "../log.ts";
import type { Settings } from "../settings/settings.ts";
import { version } from "../version.ts";
import type { ConnectAnswerer } from "./answer-connect.ts";
import { Connection } from "./connection.ts";
import { type Carrier, dial } from "./dial.ts";
import { reconnectPause } from "./reconnect-pause.ts";

/** From the first packet until the connection is upgraded. */
const DIAL_MS = 15_000;
const LASTING_MS = 10_000;

export interface TunnelsOptions {
  settings: Settings;
  /** The identity as it is now. */
  identity: () => Promise<Identity>;
  answerer: ConnectAnswerer;
  log: Log;
  /** How long to wait before trying again, after so many failures; milliseconds. */
  pause?: (failures: number) => number;
}

/** Holds one connection to each hub there is: each of the gateway's replicas is one. */
export class Tunnels {
  readonly #options: TunnelsOptions;
  readonly #connections = new Map<string, Connection>();
  #hubs: string[] = [];
  #carrier: Carrier = "raw";
  #wake: () => void = () => undefined;
  #lastProblem = "";
  #failures = 0;

  constructor(options: TunnelsOptions) {
    this.#options = options;
  }

  /** The hubs that there is a connection to, and those that there should be one to. */
  get state(): { connected: string[]; missing: string[] } {
    const connected = [...this.#connections.keys()];
    return { connected, missing: this.#hubs.filter((hub) => !this.#connections.has(hub)) };
  }

  /** Dials until the signal, whenever a hub is missing. */
  async keepConnected(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const { connected, missing } = this.state;
      if (connected.length > 0 && missing.length === 0) await this.#changed(signal);
      else if (!(await this.#dialOnce(signal))) this.#failures++;
      const { pause = reconnectPause } = this.#options;
      await wait(pause(this.#failures), undefined, { signal }).catch(() => undefined);
    }
  }

  /** Ends all connections once what they carry has ended; at once when `limit` is aborted. */
  async drain(limit: AbortSignal): Promise<void> {
    this.#options.answerer.drain();
    await Promise.all([...this.#connections.values()].map((connection) => connection.drain(limit)));
  }

  /** @returns whether there is a connection more than before. */
  async #dialOnce(signal: AbortSignal): Promise<boolean> {
    const { settings, log } = this.#options;
    const { gateway, instance, tags, mode: credential } = settings;
    try {
      const identity = await this.#options.identity();
      const { connected } = this.state;
      const introduction = agentHeaders({ instance, version, tags, credential, connected });
      const headers = () => ({ ...introduction, ...authorization(identity, "connect") });
      const options = { gateway, trust: identity, headers, carrier: this.#carrier };
      const dialled = await dial(options, AbortSignal.any([signal, AbortSignal.timeout(DIAL_MS)]));
      this.#lastProblem = "";
      this.#hubs = dialled.hub.hubs;
      if (dialled.kind === "connected") return false;
      this.#carrier = dialled.carrier;
      this.#add(dialled.hub, dialled.stream, dialled.carrier);
      return true;
    } catch (error) {
      const problem = errorText(error);
      if (!signal.aborted && problem !== this.#lastProblem)
        log.warn({ error: problem }, "not connected; it is tried again");
      this.#lastProblem = problem;
      return false;
    }
  }

  #add(
    { hub }: HubIntroduction,
    stream: ConstructorParameters<typeof Connection>[0]["stream"],
    carrier: Carrier,
  ): void {
    const { answerer, log } = this.#options;
    const connection = new Connection({
      stream,
      onConnect: (incoming, headers) => answerer.answer(incoming, headers),
      onHubs: (hubs) => {
        this.#hubs = hubs;
        this.#wake();
      },
    });
    this.#connections.set(hub, connection);
    const since = performance.now();
    log.info({ hub, carrier }, "connected");
    void connection.closed.then((reason) => {
      if (this.#connections.get(hub) === connection) this.#connections.delete(hub);
      // One that is ended at once, again and again, is a failure like one that is refused.
      this.#failures = performance.now() - since < LASTING_MS ? this.#failures + 1 : 0;
      log.info({ hub, reason }, "disconnected");
      this.#wake();
    });
  }

  #changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        signal.removeEventListener("abort", done);
        resolve();
      };
      this.#wake = done;
      signal.addEventListener("abort", done);
      if (signal.aborted) done();
    });
  }
}
