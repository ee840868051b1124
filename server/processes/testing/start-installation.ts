import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createGrant } from "../../../lib/access/grants/mutations.ts";
import { updateBuiltInRoles } from "../../../lib/access/roles/mutations.ts";
import { registerCluster } from "../../../lib/clusters/mutations.ts";
import { installConfig, loadConfig } from "../../../lib/config.ts";
import { systemContext } from "../../../lib/context.ts";
import { type ApiServer, startApiServer } from "../../../lib/gateway/testing/api-server.ts";
import { testCertificates } from "../../../lib/gateway/testing/certificates.ts";
import { createPerson } from "../../../lib/identity/people/mutations.ts";
import { issueToken } from "../../../lib/identity/tokens/mutations.ts";
import { COMPILE_CACHE } from "../../../test/compile-cache.ts";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { freePorts } from "../../../test/free-ports.ts";
import type { Command } from "./main-program.ts";

/** An installation with gateway processes, apart from the test's process: a database, a cluster `prod` and somebody who may do everything there. */
export interface RunningInstallation {
  readonly port: number;
  readonly kubePort: number;
  readonly token: string;
  readonly tokenId: string;
  readonly main: ChildProcess;
  readonly db: TestDatabase;
  readonly api: ApiServer;
  readonly data: string;
  /** PEM of the authority of the proxy's certificate. */
  readonly ca: string;
  /** What it has written to its log, of all processes. */
  said(): string;
  /** Ids of the gateway processes that live now. */
  workers(): Promise<number[]>;
  /** Resolves when the main process is at it. */
  tell(command: Command): Promise<void>;
  close(): Promise<void>;
}

const ctx = systemContext("test");

export async function startInstallation(env: Record<string, string> = {}): Promise<RunningInstallation> {
  const data = await mkdtemp(path.join(tmpdir(), "kubewitness-processes-"));
  // The gateway processes, too, whose own is in the data folder, take what an earlier test has compiled.
  await mkdir(COMPILE_CACHE.NODE_COMPILE_CACHE, { recursive: true });
  await symlink(COMPILE_CACHE.NODE_COMPILE_CACHE, path.join(data, "compiled"));
  const [db, api, ports] = await Promise.all([createTestDatabase(), startApiServer(), freePorts(2)]);
  const [port, kubePort] = ports as [number, number];
  const settings = {
    DATABASE_URL: db.url,
    KUBEWITNESS_DATA: data,
    KUBEWITNESS_PORT: String(port),
    KUBEWITNESS_KUBE_PORT: String(kubePort),
    KUBEWITNESS_HOST: "127.0.0.1",
    KUBEWITNESS_CLUSTERS_ALLOW_LOOPBACK: "true",
    OIDC_ISSUER: "https://unused.example",
    OIDC_CLIENT_ID: "x",
    OIDC_CLIENT_SECRET: "x",
    ...env,
  };
  installConfig(loadConfig({ cwd: data, env: settings }));
  const { token, id: tokenId } = await seed(api.upstream.endpoint.origin);
  const main = fork(path.join(import.meta.dirname, "main-program.ts"), [], {
    execArgv: ["--disable-warning=ExperimentalWarning"],
    env: { PATH: process.env.PATH, NODE_ENV: "production", ...COMPILE_CACHE, ...settings },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const said = keepOutput(main);
  const close = async () => {
    if (main.exitCode === null && main.signalCode === null) {
      main.kill("SIGTERM");
      await once(main, "exit");
    }
    await api.close();
    await db.close();
    await rm(data, { recursive: true, force: true });
  };
  const ended = once(main, "close").then(() => "ended" as const);
  if ((await Promise.race([once(main, "message"), ended])) === "ended") {
    await close();
    throw new Error(`it did not start: ${said()}`);
  }
  return {
    port,
    kubePort,
    token,
    tokenId,
    main,
    db,
    api,
    data,
    said,
    close,
    ca: await (await fetch(`http://127.0.0.1:${port}/ca.crt`)).text(),
    workers: () => childrenOf(main.pid!),
    async tell(command) {
      main.send(command);
      if ("blockUntil" in command) await once(main, "message");
    },
  };
}

function keepOutput({ stdout, stderr }: ChildProcess): () => string {
  let said = "";
  for (const stream of [stdout, stderr])
    stream?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
  return () => said;
}

async function seed(endpoint: string): Promise<{ token: string; id: string }> {
  const { ca: certificateAuthority } = await testCertificates();
  await updateBuiltInRoles({ ctx });
  const credential = { kind: "token", token: "cluster-credential" } as const;
  await registerCluster({ ctx, input: { name: "prod", endpoint, certificateAuthority, credential } });
  const input = { name: "Alice Example", email: "alice@example.com", groups: ["developers"] };
  const person = await createPerson({ ctx, input });
  await createGrant({
    ctx,
    input: {
      role: "cluster-admin",
      subject: "developers",
      subjectKind: "group",
      cluster: "prod",
      namespaces: [],
    },
  });
  return issueToken({ ctx, input: { name: "tests", userId: person.id } });
}

/** Ids of the processes that a process has started itself (proc(5)): of the main program, the gateway processes alone. */
async function childrenOf(pid: number): Promise<number[]> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).trim();
  return children === "" ? [] : children.split(" ").map(Number);
}
