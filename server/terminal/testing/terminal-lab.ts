import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type SandboxCluster, startSandboxCluster } from "kubewitness-sandbox/kubernetes";
import { clusterAccess } from "../../../lib/access/cluster-access.ts";
import { createGrant } from "../../../lib/access/grants/mutations.ts";
import { updateBuiltInRoles } from "../../../lib/access/roles/mutations.ts";
import { startAuditPipeline } from "../../../lib/audit/pipeline/pipeline.ts";
import { createTextRedactor } from "../../../lib/audit/redaction/redact-text.ts";
import { registerCluster } from "../../../lib/clusters/mutations.ts";
import { type Context, systemContext } from "../../../lib/context.ts";
import { createGateway } from "../../../lib/gateway/create-gateway.ts";
import { type ApiServer, startApiServer } from "../../../lib/gateway/testing/api-server.ts";
import { testCertificates } from "../../../lib/gateway/testing/certificates.ts";
import { until } from "../../../lib/gateway/testing/memory-recorder.ts";
import { createPerson } from "../../../lib/identity/people/mutations.ts";
import { findSession } from "../../../lib/identity/sessions/find-session.ts";
import { createSession } from "../../../lib/identity/sessions/mutations.ts";
import { sessionCookieName } from "../../../lib/identity/sessions/token.ts";
import { openStore } from "../../../lib/recordings/store/recording-store.ts";
import type { OpenedTerminal } from "../../../lib/terminal/sessions/schema.ts";
import { nowAtCluster } from "../../../lib/terminal/sessions/still-allowed.ts";
import { Terminals } from "../../../lib/terminal/sessions/terminals.ts";
import { openShellPrograms } from "../../../lib/terminal/shell/shell-programs.ts";
import { freePorts } from "../../../test/free-ports.ts";
import { createTestInstallation, type TestInstallation } from "../../../test/installation.ts";
import { closeServers } from "../../drain.ts";
import { createWebServer } from "../../listeners.ts";
import { passCalls } from "../../processes/passing/pass-calls.ts";
import { createPassedCallsServer } from "../../processes/passing/passed-calls-server.ts";
import { startTables } from "../../start-tables.ts";
import { openRelay } from "../relay.ts";
import { createTerminalSockets } from "../terminal-sockets.ts";
import { ScriptedShell } from "./scripted-shell.ts";
import { type ConnectOptions, type Refused, SocketClient } from "./socket-client.ts";

const ctx = systemContext("test");

/** Somebody who is signed in to the console. */
export interface SignedIn {
  ctx: Context;
  personId: string;
  cookie: string;
  address: string;
  sessionToken: string;
}

/** The console's port with terminals, on the house's own services: identity, access, clusters, gateway and record of an installation; shells that do as the test says. */
export interface TerminalLab {
  readonly installation: TestInstallation;
  readonly terminals: Terminals;
  readonly api: ApiServer;
  readonly origin: string;
  readonly clusterId: string;
  readonly folder: string;
  readonly shells: ScriptedShell[];
  /** A terminal's, as only its relay has it. */
  tokenOf(terminalId: string): string;
  /** Signs somebody new in, for an hour where nothing else is said, with a grant on the cluster unless `granted` is false. */
  signIn(options?: { granted?: boolean; sessionMs?: number }): Promise<SignedIn>;
  open(person: SignedIn): Promise<OpenedTerminal>;
  /** With the right origin, cookie and ticket where nothing else is said. */
  connect(
    person: SignedIn,
    terminal: OpenedTerminal,
    options?: Partial<ConnectOptions>,
  ): Promise<SocketClient | Refused>;
  /** Opened and connected to. */
  start(person: SignedIn): Promise<{
    terminal: OpenedTerminal;
    client: SocketClient;
    shell: ScriptedShell;
  }>;
  close(): Promise<void>;
}

/** `passing`: calls go to the gateway as to one in another process. `kubectl`: shells are the product's own, with that kubectl, and so is a cluster of the sandbox. */
export async function startTerminalLab({
  passing = false,
  kubectl,
}: {
  passing?: boolean;
  kubectl?: string;
} = {}): Promise<TerminalLab> {
  const [port] = (await freePorts(1)) as [number];
  const origin = `http://127.0.0.1:${port}`;
  const installation = await createTestInstallation({
    KUBEWITNESS_CLUSTERS_ALLOW_LOOPBACK: "true",
    KUBEWITNESS_PUBLIC_URL: origin,
    KUBEWITNESS_DEMO: "false",
    OIDC_ISSUER: "https://login.example",
    OIDC_CLIENT_ID: "x",
    OIDC_CLIENT_SECRET: "y",
    ...(kubectl && { KUBEWITNESS_WEB_SHELL_KUBECTL: kubectl }),
  });
  const { config, pool } = installation;
  const pipeline = await startAuditPipeline({ config, pool });
  await updateBuiltInRoles({ ctx });
  const api = await startApiServer();
  const sandbox = kubectl ? await startSandbox() : null;
  const programs = kubectl ? await openShellPrograms() : null;
  if (programs) await until(() => programs.kubectl.state().ready, "kubectl");
  const cluster = await registerCluster({
    ctx,
    input: {
      name: "prod",
      endpoint: sandbox?.url ?? api.upstream.endpoint.origin,
      insecureSkipTlsVerify: true,
      credential: { kind: "token", token: "gateway-credential" },
    },
  });
  const tables = await startTables();
  const recordings = openStore({ ...config, database: { ...config.database, url: installation.url } });
  const gateway = createGateway({ config, recorder: pipeline.recorder, recordings });
  const passed = passing ? createPassedCallsServer(gateway) : null;
  const passedSocket = path.join(installation.config.data, "calls.sock");
  if (passed) await once(passed.listen(passedSocket), "listening");
  const door = passing ? passCalls(passedSocket, gateway) : gateway;
  const shells: ScriptedShell[] = [];
  const tokens = new Map<string, string>();
  const folder = await mkdtemp(path.join(tmpdir(), "kw-terminals-"));
  const terminals = new Terminals({
    folder,
    redactor: createTextRedactor(config.audit.redact.execArguments),
    openRelay(socketPath, of) {
      tokens.set(of.terminalId, of.token);
      return openRelay(door, socketPath, of);
    },
    recordings,
    makeDirectory: () => programs?.makeDirectory() ?? mkdtemp(path.join(folder, "private-")),
    openShell(options) {
      if (programs) return programs.openShell(options);
      const shell = new ScriptedShell(options);
      shells.push(shell);
      return shell;
    },
  });
  const sockets = createTerminalSockets({ terminals, publicUrl: origin, trustedProxies: ["127.0.0.1"] });
  const server = createWebServer(door, [sockets]);
  await once(server.listen(port, "127.0.0.1"), "listening");

  let made = 0;
  // Each person has an address of their own: what is refused is counted by address.
  const addressOf = (number: number) => `198.51.100.${number % 250}`;
  const lab: TerminalLab = {
    installation,
    terminals,
    api,
    origin,
    clusterId: cluster.id,
    folder,
    shells,
    tokenOf: (terminalId) => tokens.get(terminalId)!,
    async signIn({ granted = true, sessionMs = 3_600_000 } = {}) {
      made += 1;
      const name = `person-${made}`;
      const address = addressOf(made);
      const person = await createPerson({ ctx, input: { email: `${name}@acme.example`, name, groups: [] } });
      if (granted) {
        await createGrant({
          ctx,
          input: {
            role: "cluster-admin",
            subjectKind: "user",
            subject: person.id,
            cluster: "prod",
            namespaces: [],
          },
        });
      }
      const sessionToken = randomBytes(32).toString("hex");
      const expires = new Date(Date.now() + sessionMs);
      await createSession({ ctx, input: { userId: person.id, provider: "oidc", sessionToken, expires } });
      const session = (await findSession(sessionToken))!;
      const reaches = () => clusterAccess(session.actor, cluster.id, nowAtCluster(null)) !== null;
      if (granted) await until(reaches, "the grant");
      return {
        ctx: { ...ctx, ...session, sourceIp: address },
        address,
        personId: person.id,
        sessionToken,
        cookie: `${sessionCookieName(origin)}=${sessionToken}`,
      };
    },
    open: (person) => terminals.open(person.ctx, { clusterId: cluster.id }),
    connect: (person, terminal, options) =>
      SocketClient.connect({
        url: `ws://127.0.0.1:${port}/api/v1/terminals/${terminal.terminalId}/socket`,
        origin,
        cookie: person.cookie,
        from: person.address,
        ticket: terminal.ticket,
        ...options,
      }),
    async start(person) {
      const terminal = await lab.open(person);
      const client = await lab.connect(person, terminal);
      if (!(client instanceof SocketClient)) throw new Error(`refused: ${client.body.message}`);
      return { terminal, client, shell: shells.at(-1)! };
    },
    async close() {
      await terminals.drain();
      await gateway.drain(0);
      await closeServers(passed ? [server, passed] : [server], 0);
      await Promise.all([pipeline.drain(), recordings.stop()]);
      await tables.stop();
      await programs?.close();
      await sandbox?.close();
      await api.close();
      await installation.close();
    },
  };
  return lab;
}

async function startSandbox(): Promise<SandboxCluster> {
  const { certificate, key } = await testCertificates();
  return startSandboxCluster({
    tls: { cert: certificate, key },
    tokens: { "gateway-credential": { user: "kubewitness", groups: ["system:masters"] } },
  });
}
