import type { ChildProcess } from "node:child_process";
import {
  chmodSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { serverNodeOptions } from "../../scripts/node-options.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../scripts/postgres/embedded-postgres.ts";
import { freePorts } from "../../test/free-ports.ts";
import { runStatement } from "../../test/run-statement.ts";
import type { Target } from "./load.ts";
import { end, exited, firstLine, startOn } from "./programs.ts";
import {
  listening,
  writeCertificates,
  writeNginxConfiguration,
  writeProxyConfiguration,
} from "./upstream.ts";

export const GATEWAY_CORE = 0;
export const OTHER_CORE = 1;
export const PATH = "/api/v1/namespaces/shop/pods?limit=500";
export const LOG_PATH = "/api/v1/namespaces/shop/pods/web/log";
export const UPLOAD_PATH = "/api/v1/namespaces/shop/configmaps/large";
const SLOW_MS = 2;

/** The gateways that are measured: each in a process with a database and a journal of its own. */
export type Durability = "strict" | "flushed" | "relaxed";

/** Which cluster: one that answers at once, and one that takes 2 ms. */
export type Cluster = "instant" | "slow";

/** Somebody who is called, and where. */
export type Peer =
  | "upstream alone"
  | "kubectl proxy"
  | "nginx"
  | "http-proxy"
  | "gateway"
  | `gateway, ${Durability}`;

interface Served {
  urls: Record<Cluster, string>;
  token?: string;
  /** What its CPU time is counted of; of kubectl proxy and http-proxy one program a cluster. */
  children: Record<Cluster, ChildProcess> | null;
}

/** All that is measured, and what it is measured with: started once. Upstreams and PostgreSQL have one core, whom they serve the other. */
export class Rig {
  readonly folder: string;
  readonly postgres: EmbeddedPostgres;
  readonly gateways = new Map<string, ChildProcess>();
  endpoints: Record<Cluster, string> = { instant: "", slow: "" };
  readonly #children: ChildProcess[] = [];
  readonly #peers = new Map<Peer, Served>();

  private constructor(folder: string, postgres: EmbeddedPostgres) {
    this.folder = folder;
    this.postgres = postgres;
  }

  static async start({
    durabilities,
    logBytes,
  }: {
    durabilities: Durability[];
    logBytes: number;
  }): Promise<Rig> {
    const folder = mkdtempSync(path.join(tmpdir(), "kubewitness-bench-"));
    chmodSync(folder, 0o711);
    const directory = path.join(folder, "postgres");
    const rig = new Rig(folder, await startEmbeddedPostgres({ directory, database: "bench", durable: true }));
    try {
      await rig.#startUpstreams(logBytes);
      await rig.#startProxies();
      await rig.#startGateway("gateway", null);
      for (const durability of durabilities) await rig.#startGateway(`gateway, ${durability}`, durability);
      return rig;
    } catch (error) {
      await rig.close();
      throw error;
    }
  }

  /** Everybody with the address that a path of a cluster has there, in the order of the tables. */
  targets(cluster: Cluster, at = PATH): (Target & { name: Peer })[] {
    return [...this.#peers].map(([name, { urls, token, children }]) => {
      const pid = children?.[cluster].pid;
      return { name, url: urls[cluster] + at, token, pids: pid === undefined ? [] : [pid] };
    });
  }

  /** Has a gateway drain, which ends it. @returns the rows in its database. */
  async drain(name: string): Promise<number> {
    const gateway = this.gateways.get(name)!;
    const recorded = firstLine(gateway, /"recorded":(\d+)/);
    gateway.kill("SIGTERM");
    const rows = Number((await recorded)[1]);
    await exited(gateway);
    return rows;
  }

  async close(): Promise<void> {
    for (const child of this.#children.reverse()) await end(child);
    await this.postgres.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #startUpstreams(logBytes: number): Promise<void> {
    const { folder } = this;
    const postmaster = readFileSync(path.join(folder, "postgres/pgdata/postmaster.pid"), "utf8").split(
      "\n",
    )[0]!;
    // What PostgreSQL starts from now on goes to that core, too.
    this.#children.push(startOn(OTHER_CORE, "taskset", ["-a", "-p", "-c", String(OTHER_CORE), postmaster]));
    await writeCertificates(folder);
    this.#writeLog(logBytes);
    const [port] = (await freePorts(1)) as [number];
    // As root, nginx would read the log as another user.
    const user = process.getuid?.() === 0 ? "user root;" : "";
    const locations = `location = ${LOG_PATH} { root ${folder}/www; default_type text/plain; }`;
    const configuration = writeNginxConfiguration(folder, port, locations);
    this.#children.push(startOn(OTHER_CORE, "nginx", ["-g", user, "-c", configuration]));
    await listening(port);
    const slow = await this.#startProgram(OTHER_CORE, "api-server-process.ts", [folder, String(SLOW_MS)]);
    const local = (given: number) => `https://127.0.0.1:${given}`;
    this.endpoints = { instant: local(port), slow: local(slow.port) };
    this.#peers.set("upstream alone", { urls: this.endpoints, children: null });
  }

  /** A sparse file: whoever serves it sends zeros. */
  #writeLog(bytes: number): void {
    const file = path.join(this.folder, "www", LOG_PATH);
    mkdirSync(path.dirname(file), { recursive: true });
    const descriptor = openSync(file, "w");
    ftruncateSync(descriptor, bytes);
    closeSync(descriptor);
  }

  async #startProxies(): Promise<void> {
    this.#peers.set("kubectl proxy", await this.#ofEach((endpoint) => this.#startKubectlProxy(endpoint)));
    this.#peers.set("nginx", await this.#startNginxProxy());
    this.#peers.set(
      "http-proxy",
      await this.#ofEach(async (endpoint) => {
        const { port, child } = await this.#startProgram(GATEWAY_CORE, "http-proxy-process.ts", [
          endpoint,
          this.folder,
        ]);
        return { url: `https://127.0.0.1:${port}`, child };
      }),
    );
  }

  async #ofEach(start: (endpoint: string) => Promise<{ url: string; child: ChildProcess }>): Promise<Served> {
    const instant = await start(this.endpoints.instant);
    const slow = await start(this.endpoints.slow);
    return {
      urls: { instant: instant.url, slow: slow.url },
      children: { instant: instant.child, slow: slow.child },
    };
  }

  async #startGateway(
    name: "gateway" | `gateway, ${Durability}`,
    durability: Durability | null,
  ): Promise<void> {
    const database = await this.#createDatabase(durability ?? "default");
    const data = path.join(this.folder, `data-${durability ?? "default"}`);
    mkdirSync(data);
    const env = { ...process.env, ...(durability !== null && { KUBEWITNESS_AUDIT_DURABILITY: durability }) };
    const args = [database, data, this.endpoints.instant, this.folder, this.endpoints.slow];
    const { port, token, child } = await this.#startProgram(GATEWAY_CORE, "gateway-process.ts", args, {
      env,
      // As `npm start` runs a server that has one core.
      options: serverNodeOptions(1),
    });
    const at = (cluster: string) => `https://127.0.0.1:${port}/k8s/clusters/${cluster}`;
    this.gateways.set(name, child);
    this.#peers.set(name, {
      urls: { instant: at("bench"), slow: at("slow") },
      token,
      children: { instant: child, slow: child },
    });
  }

  async #createDatabase(name: string): Promise<string> {
    await runStatement(this.postgres.url, `create database "gateway_${name}"`);
    const url = new URL(this.postgres.url);
    url.pathname = `/gateway_${name}`;
    return url.href;
  }

  async #startKubectlProxy(endpoint: string): Promise<{ url: string; child: ChildProcess }> {
    const kubeconfig = path.join(this.folder, `kubeconfig-${new URL(endpoint).port}`);
    writeFileSync(
      kubeconfig,
      `apiVersion: v1
kind: Config
current-context: bench
clusters: [{name: bench, cluster: {server: "${endpoint}", certificate-authority: "${this.folder}/ca.crt"}}]
contexts: [{name: bench, context: {cluster: bench, user: bench}}]
users: [{name: bench, user: {token: upstream-token}}]
`,
    );
    const env = { ...process.env, GOMAXPROCS: "1" };
    const args = ["proxy", "--port=0", `--kubeconfig=${kubeconfig}`];
    const child = startOn(GATEWAY_CORE, "kubectl", args, { env, stderr: "ignore" });
    this.#children.push(child);
    return { url: `http://127.0.0.1:${(await firstLine(child, /127\.0\.0\.1:(\d+)/))[1]}`, child };
  }

  /** Its worker is the child of what is started here, which does nothing itself: its own id is in the process's group. */
  async #startNginxProxy(): Promise<Served> {
    const [instant, slow] = (await freePorts(2)) as [number, number];
    const portOf = (cluster: Cluster) => Number(new URL(this.endpoints[cluster]).port);
    const file = writeProxyConfiguration(this.folder, [
      { port: instant, upstream: portOf("instant") },
      { port: slow, upstream: portOf("slow") },
    ]);
    const child = startOn(GATEWAY_CORE, "nginx", ["-g", "master_process off;", "-c", file]);
    this.#children.push(child);
    await listening(slow);
    return {
      urls: { instant: `https://127.0.0.1:${instant}`, slow: `https://127.0.0.1:${slow}` },
      children: { instant: child, slow: child },
    };
  }

  /** Node as it is by itself; `options`: its own, of the gateway. */
  async #startProgram(
    core: number,
    program: string,
    args: string[],
    { env = process.env, options = [] }: { env?: NodeJS.ProcessEnv; options?: string[] } = {},
  ): Promise<{ port: number; token?: string; child: ChildProcess }> {
    const file = path.join(import.meta.dirname, program);
    const child = startOn(core, process.execPath, [...options, file, ...args], { env });
    this.#children.push(child);
    const said = JSON.parse((await firstLine(child, /^\{.*\}$/m))[0]) as { port: number; token?: string };
    return { ...said, child };
  }
}
