import type { IncomingMessage } from "node:http";
import https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import WebSocket from "ws";
import { newCall, type WrittenCall } from "./written-call.ts";

/** Where and as whom it calls. */
export interface Door {
  kubePort: number;
  /** PEM of the authority of the proxy's certificate. */
  ca: string;
  token: string;
}

export interface LoadSize {
  /** Connections that call without a pause, but for `PAUSE_MS`. */
  connections: number;
  watches: number;
  sessions: number;
}

const CLUSTER = "/k8s/clusters/prod/api/v1/namespaces/shop";
const PAUSE_MS = 4;
/** After a connection that was refused or broke off. */
const AGAIN_MS = 25;
/** Longer than whatever the gateway may take to answer. */
const TIMEOUT_MS = 60_000;
/** Watches and sessions end by themselves after so long, and the next one begins. */
const STREAM_MS = { least: 500, most: 4_000 };

/** A client that calls, watches and runs sessions without an end, and writes down what became of every call. */
export class Load {
  readonly calls: WrittenCall[] = [];
  readonly #door: Door;
  readonly #loops: Promise<void>[] = [];
  readonly #stopped = new AbortController();
  readonly #prefix: string;
  #count = 0;

  constructor(door: Door, prefix: string) {
    this.#door = door;
    this.#prefix = prefix;
    this.#stopped.signal.addEventListener("abort", () => undefined);
  }

  /** More of it; may be called again. `lasting`: watches and sessions that stay until something ends them. */
  add({ connections, watches, sessions }: LoadSize, { lasting = false } = {}): void {
    const { signal } = this.#stopped;
    const repeat = async (once: () => Promise<void>) => {
      while (!signal.aborted) await once();
    };
    for (let index = 0; index < connections; index++) this.#loops.push(this.#keepCalling());
    for (let index = 0; index < watches; index++)
      this.#loops.push(lasting ? this.#watch(null) : repeat(() => this.#watch(streamMs())));
    for (let index = 0; index < sessions; index++)
      this.#loops.push(lasting ? this.#runSession(null) : repeat(() => this.#runSession(streamMs())));
  }

  /** Calls that were answered whole so far. */
  get answered(): number {
    return this.calls.reduce((sum, { state }) => sum + (state === "answered" ? 1 : 0), 0);
  }

  /** Watches and sessions that run. */
  get running(): number {
    return this.#running;
  }
  #running = 0;

  /** Ends what runs, and resolves when the last call is written down. */
  async stop(): Promise<WrittenCall[]> {
    this.#stopped.abort();
    await Promise.all(this.#loops);
    return this.calls;
  }

  #write(kind: WrittenCall["kind"]): WrittenCall {
    const call = newCall(kind, `${this.#prefix}-${++this.#count}-x`);
    this.calls.push(call);
    return call;
  }

  async #keepCalling(): Promise<void> {
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
    while (!this.#stopped.signal.aborted) {
      const { state } = await this.#call(agent);
      await sleep(state === "answered" ? PAUSE_MS : AGAIN_MS);
    }
    agent.destroy();
  }

  #call(agent: https.Agent): Promise<WrittenCall> {
    const { method, kind, path } = ORDINARY[this.#count % ORDINARY.length]!;
    const call = this.#write(kind);
    const body = method === "GET" || method === "DELETE" ? null : bodyOf(call.name);
    return new Promise((resolve) => {
      const done = () => resolve(call);
      const headers = body === null ? {} : { "Content-Type": "application/json" };
      const request = this.#request({ agent, method, path: path(call.name), headers });
      request.on("response", (response) => noteAnswer(call, response, done));
      request.on("error", done).on("close", done);
      request.setTimeout(TIMEOUT_MS, () => request.destroy());
      request.end(body);
    });
  }

  #request(options: https.RequestOptions): ReturnType<typeof https.request> {
    const { kubePort, ca, token } = this.#door;
    const headers = { ...options.headers, Authorization: `Bearer ${token}` };
    return https.request({ host: "127.0.0.1", port: kubePort, ca, ...options, headers });
  }

  async #watch(lastsMs: number | null): Promise<void> {
    const call = this.#write("watch");
    await new Promise<void>((resolve) => {
      const request = this.#request({
        agent: false,
        path: `${CLUSTER}/pods?watch=true&labelSelector=${call.name}`,
      });
      const end = this.#endLater(lastsMs, () => request.destroy());
      request.on("response", (response) => {
        this.#running += 1;
        response.once("close", () => {
          this.#running -= 1;
        });
        noteAnswer(call, response, () => undefined);
      });
      request.on("error", () => undefined);
      request.once("close", () => {
        end();
        resolve();
      });
      request.end();
    });
    await this.#pauseAfter(call);
  }

  async #runSession(lastsMs: number | null): Promise<void> {
    const call = this.#write("session");
    const { kubePort, ca, token } = this.#door;
    await new Promise<void>((resolve) => {
      const url = `wss://127.0.0.1:${kubePort}${CLUSTER}/pods/${call.name}/exec?command=sh&stdout=true&tty=true`;
      const headers = { Authorization: `Bearer ${token}` };
      const socket = new WebSocket(url, "v5.channel.k8s.io", { ca, headers });
      const end = this.#endLater(lastsMs, () => socket.terminate());
      socket.on("open", () => {
        this.#running += 1;
        socket.once("close", () => {
          this.#running -= 1;
        });
        Object.assign(call, { status: 101, state: "begun" });
      });
      socket.on("unexpected-response", (request, response) => {
        noteAnswer(call, response, () => request.destroy());
        response.once("close", () => socket.emit("close"));
      });
      socket.on("error", () => undefined);
      socket.once("close", () => {
        end();
        resolve();
      });
    });
    await this.#pauseAfter(call);
  }

  /** Ends it after a while, or when the load stops. */
  #endLater(lastsMs: number | null, end: () => void): () => void {
    const { signal } = this.#stopped;
    const timer = lastsMs === null ? undefined : setTimeout(end, lastsMs);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
    return () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
    };
  }

  /** One that was refused is not tried again at once. */
  async #pauseAfter({ state, status }: WrittenCall): Promise<void> {
    if (state === "unanswered" || (status ?? 0) >= 400) await sleep(10 * AGAIN_MS);
  }
}

const ORDINARY = [
  { method: "GET", kind: "read", path: (name) => `${CLUSTER}/pods/${name}` },
  { method: "POST", kind: "change", path: (name) => `${CLUSTER}/configmaps?fieldManager=${name}` },
  { method: "GET", kind: "read", path: (name) => `${CLUSTER}/pods?labelSelector=${name}` },
  { method: "DELETE", kind: "change", path: (name) => `${CLUSTER}/configmaps/${name}` },
  { method: "PUT", kind: "change", path: (name) => `${CLUSTER}/configmaps/${name}` },
  { method: "GET", kind: "read", path: (name) => `${CLUSTER}/secrets/${name}` },
  // No such cluster: the gateway answers itself.
  {
    method: "GET",
    kind: "stranger",
    path: (name) => `/k8s/clusters/nowhere/api/v1/pods?labelSelector=${name}`,
  },
] satisfies { method: string; kind: WrittenCall["kind"]; path(name: string): string }[];

const bodyOf = (name: string): string =>
  JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { key: "value" } });

const streamMs = (): number => STREAM_MS.least + Math.random() * (STREAM_MS.most - STREAM_MS.least);

const MESSAGE_BYTES = 600;

/** Writes down an answer as it comes; `done` once nothing more of it does. */
function noteAnswer(call: WrittenCall, response: IncomingMessage, done: () => void): void {
  const auditId = response.headers["audit-id"];
  call.state = "begun";
  call.status = response.statusCode ?? null;
  call.auditId = typeof auditId === "string" ? auditId : null;
  const isRefusal = (response.statusCode ?? 0) >= 400;
  response.on("data", (chunk: Buffer) => {
    if (isRefusal && call.message.length < MESSAGE_BYTES) call.message += chunk;
  });
  response.on("end", () => {
    if (response.complete) call.state = "answered";
  });
  response.on("error", () => undefined).on("close", done);
}
