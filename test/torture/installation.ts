import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync } from "node:fs";
import { rm, symlink } from "node:fs/promises";
import path from "node:path";
import { createGrant } from "../../lib/access/grants/mutations.ts";
import { updateBuiltInRoles } from "../../lib/access/roles/mutations.ts";
import { registerCluster } from "../../lib/clusters/mutations.ts";
import { installConfig, loadConfig } from "../../lib/config.ts";
import { systemContext } from "../../lib/context.ts";
import { connectDatabase, disconnectDatabase } from "../../lib/db/connection.ts";
import { migrateDatabase } from "../../lib/db/migrate.ts";
import { createPerson } from "../../lib/identity/people/mutations.ts";
import { issueToken } from "../../lib/identity/tokens/mutations.ts";
import { COMPILE_CACHE } from "../compile-cache.ts";
import { freePorts } from "../free-ports.ts";
import { ScriptedCluster } from "./cluster.ts";
import { CONTROLS_FILE, type Controls, NO_CONTROLS, writeControls } from "./controls.ts";
import type { Door } from "./load.ts";
import { TorturedPostgres } from "./postgres.ts";
import { childrenOf, isAlive, until } from "./processes.ts";
import { SmallVolume } from "./small-volume.ts";

const PROGRAM = path.resolve(import.meta.dirname, "../../server/processes/testing/main-program.ts");
const IN_PROCESS = path.join(import.meta.dirname, "in-process.ts");
export const GATEWAY_PROCESSES = 2;

export interface InstallationOptions {
  /** An empty folder that nobody else uses; PostgreSQL's user can reach it. */
  folder: string;
  /** Bytes of the volume that the journals are on; null: that of the folder. */
  volumeBytes: number | null;
  /** `audit.durability`; the default where it is left out. */
  durability?: string;
}

/** A whole installation that things are done to: PostgreSQL, a scripted cluster, the main process and its gateway processes. */
export class Installation {
  readonly postgres: TorturedPostgres;
  readonly cluster: ScriptedCluster;
  readonly volume: SmallVolume | null;
  readonly data: string;
  readonly #settings: Record<string, string>;
  readonly #controls: string;
  readonly #door: { port: number; kubePort: number; token: string };
  #ca = "";
  #main: ChildProcess | null = null;
  /** What its programs wrote to their log, all starts together; the last of it. */
  #said = "";

  private constructor(parts: {
    postgres: TorturedPostgres;
    cluster: ScriptedCluster;
    volume: SmallVolume | null;
    data: string;
    settings: Record<string, string>;
    controls: string;
    door: { port: number; kubePort: number; token: string };
  }) {
    this.postgres = parts.postgres;
    this.cluster = parts.cluster;
    this.volume = parts.volume;
    this.data = parts.data;
    this.#settings = parts.settings;
    this.#controls = parts.controls;
    this.#door = parts.door;
  }

  static async start({ folder, volumeBytes, durability }: InstallationOptions): Promise<Installation> {
    const data = path.join(folder, "data");
    mkdirSync(path.join(data, "journal"), { recursive: true });
    mkdirSync(COMPILE_CACHE.NODE_COMPILE_CACHE, { recursive: true });
    await symlink(COMPILE_CACHE.NODE_COMPILE_CACHE, path.join(data, "compiled"));
    chmodSync(folder, 0o711);
    const [postgres, cluster, ports] = await Promise.all([
      TorturedPostgres.start(path.join(folder, "postgres")),
      ScriptedCluster.start(),
      freePorts(2),
    ]);
    const [port, kubePort] = ports as [number, number];
    const settings: Record<string, string> = {
      ...settingsOf({ url: postgres.url, data, port, kubePort }),
      ...(durability !== undefined && { KUBEWITNESS_AUDIT_DURABILITY: durability }),
    };
    const token = await seed({ settings, cluster });
    const controls = path.join(folder, "controls.json");
    writeControls(controls, NO_CONTROLS);
    const volume =
      volumeBytes === null ? null : await SmallVolume.mount(path.join(data, "journal"), volumeBytes);
    const door = { port, kubePort, token };
    const installation = new Installation({ postgres, cluster, volume, data, settings, controls, door });
    await installation.startMain();
    return installation;
  }

  /** Where its clients call. */
  get door(): Door {
    const { kubePort, token } = this.#door;
    return { kubePort, token, ca: this.#ca };
  }

  /** The folder of the journals as this process reaches it. */
  get journals(): string {
    return this.volume?.path ?? path.join(this.data, "journal");
  }

  get main(): ChildProcess {
    if (this.#main === null) throw new Error("no main process runs");
    return this.#main;
  }

  workers(): Promise<number[]> {
    return childrenOf(this.main.pid!);
  }

  /** Starts the main process, and with it the gateway processes, and waits until all serve. */
  async startMain(): Promise<void> {
    const main = this.startProgram();
    this.#main = main;
    const ended = once(main, "exit").then(() => "ended" as const);
    if ((await Promise.race([once(main, "message"), ended])) === "ended")
      throw new Error(`the installation did not start: ${this.#said.slice(-2_000)}`);
    this.#ca = await (await fetch(`http://127.0.0.1:${this.#door.port}/ca.crt`)).text();
  }

  /** One more main process on the same data folder, for who wants to see what becomes of it. */
  startProgram(): ChildProcess {
    const words = [
      ...(this.volume?.prefix ?? []),
      process.execPath,
      "--disable-warning=ExperimentalWarning",
      PROGRAM,
    ];
    const child = spawn(words[0]!, words.slice(1), {
      env: {
        PATH: process.env.PATH,
        NODE_ENV: "production",
        NODE_OPTIONS: `--import=${IN_PROCESS} --disable-warning=ExperimentalWarning`,
        [CONTROLS_FILE]: this.#controls,
        ...COMPILE_CACHE,
        ...this.#settings,
      },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => {
        this.#said = (this.#said + chunk).slice(-SAID_BYTES);
      });
    return child;
  }

  /** SIGTERM; yields its exit code once it has drained, and its processes too. */
  async stopMain(): Promise<number | null> {
    const main = this.main;
    const workers = await this.workers();
    const exited = once(main, "exit");
    main.kill("SIGTERM");
    const [code] = await exited;
    this.#main = null;
    await gone(workers);
    return code;
  }

  /** SIGKILL to the main process, `all`: and to its gateway processes. Resolves when none of them is left. */
  async killMain({ all = false } = {}): Promise<void> {
    const main = this.main;
    const workers = await this.workers();
    const exited = once(main, "exit");
    for (const pid of all ? [main.pid!, ...workers] : [main.pid!]) process.kill(pid, "SIGKILL");
    await exited;
    this.#main = null;
    await gone(workers);
  }

  control(controls: Partial<Controls>): void {
    writeControls(this.#controls, { ...NO_CONTROLS, ...controls });
  }

  /** What `/readyz` of the console's port says; `null` where it does not answer. */
  async ready(): Promise<{ status: number; text: string } | null> {
    try {
      const response = await fetch(`http://127.0.0.1:${this.#door.port}/readyz`, {
        signal: AbortSignal.timeout(5_000),
      });
      return { status: response.status, text: await response.text() };
    } catch {
      return null;
    }
  }

  /** Waits until calls are taken by all of its processes. */
  async serving(): Promise<void> {
    await until(
      "all gateway processes serve",
      async () => (await this.workers()).length === GATEWAY_PROCESSES,
    );
    await until("/readyz is ok", async () => {
      const ready = await this.ready();
      return ready?.status === 200 && !/is not running|has not answered/.test(ready.text);
    });
  }

  async close(): Promise<void> {
    if (this.#main) await this.killMain({ all: true });
    await this.cluster.close();
    await this.postgres.stop();
    await this.volume?.close();
    await rm(this.data, { recursive: true, force: true });
  }
}

const SAID_BYTES = 8_192;
const ctx = systemContext("torture");

const gone = (pids: number[]) =>
  until("the gateway processes have ended", async () => {
    const alive = await Promise.all(pids.map(isAlive));
    return !alive.includes(true);
  });

const settingsOf = (given: { url: string; data: string; port: number; kubePort: number }) => ({
  DATABASE_URL: given.url,
  KUBEWITNESS_DATA: given.data,
  KUBEWITNESS_PORT: String(given.port),
  KUBEWITNESS_KUBE_PORT: String(given.kubePort),
  KUBEWITNESS_HOST: "127.0.0.1",
  KUBEWITNESS_CLUSTERS_ALLOW_LOOPBACK: "true",
  KUBEWITNESS_GATEWAY_PROCESSES: String(GATEWAY_PROCESSES),
  OIDC_ISSUER: "https://unused.example",
  OIDC_CLIENT_ID: "x",
  OIDC_CLIENT_SECRET: "x",
});

/** The cluster, and somebody who may do everything there. @returns their token. */
async function seed({
  settings,
  cluster,
}: {
  settings: Record<string, string>;
  cluster: ScriptedCluster;
}): Promise<string> {
  const url = settings.DATABASE_URL!;
  installConfig(loadConfig({ cwd: settings.KUBEWITNESS_DATA!, env: settings }));
  await migrateDatabase(url);
  connectDatabase(url);
  try {
    await updateBuiltInRoles({ ctx });
    const credential = { kind: "token", token: "cluster-credential" } as const;
    const { endpoint, certificateAuthority } = cluster;
    await registerCluster({ ctx, input: { name: "prod", endpoint, certificateAuthority, credential } });
    const person = { name: "Alice Example", email: "alice@example.com", groups: ["developers"] };
    const { id: userId } = await createPerson({ ctx, input: person });
    const subject = { subject: "developers", subjectKind: "group" } as const;
    await createGrant({
      ctx,
      input: { role: "cluster-admin", ...subject, cluster: "prod", namespaces: [] },
    });
    return (await issueToken({ ctx, input: { name: "torture", userId } })).token;
  } finally {
    await disconnectDatabase();
  }
}
