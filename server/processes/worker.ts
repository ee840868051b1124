// A gateway process: serves the Kubernetes proxy's port. The main process starts it (gateway-processes.ts), tells it all that it needs to know,
// and gives it the sockets to listen on; when that one is gone, it drains and ends.
import type { Server } from "node:http";
import { flushCompileCache } from "node:module";
import { register } from "prom-client";
import { startAuditPipeline } from "../../lib/audit/pipeline/pipeline.ts";
import { troublesOf } from "../../lib/audit/pipeline/status.ts";
import { nameSetting } from "../../lib/config/read-settings.ts";
import { settings } from "../../lib/config/settings.ts";
import { type Config, installConfig } from "../../lib/config.ts";
import { connectDatabase, disconnectDatabase, pool } from "../../lib/db/connection.ts";
import { startNotifications, stopNotifications } from "../../lib/db/notifications.ts";
import { createGateway } from "../../lib/gateway/create-gateway.ts";
import { listenFailure } from "../../lib/listen.ts";
import { log } from "../../lib/log.ts";
import { openStore } from "../../lib/recordings/store/recording-store.ts";
import { returnMemory } from "../../lib/return-memory.ts";
import { startSettings } from "../../lib/settings/refresh.ts";
import { serveCertificate } from "../certificate-reload.ts";
import { closeServers, graceMs } from "../drain.ts";
import { createHealth } from "../health.ts";
import { createKubeServer } from "../listeners.ts";
import { createRequestLimits } from "../request-limits.ts";
import { explain } from "../start-or-explain.ts";
import { startTables } from "../start-tables.ts";
import { reloadOnSignal, stopOnSignal } from "../stop-signals.ts";
import { startTunnels } from "../tunnels/start-tunnels.ts";
import type { FromWorker, ListenFor, Metrics, StartMessage, ToWorker } from "./messages.ts";
import { createPassedCallsServer } from "./passing/passed-calls-server.ts";
import { shareConnectionLimits, shareRequestsOfNetwork, shareStrangerLimits } from "./shares.ts";

const STATUS_EVERY_MS = 1_000;

type Take = (message: ToWorker, handle: unknown) => void;

/** What comes while it starts, for when it has. */
const early: Parameters<Take>[] = [];
let take: Take = (message, handle) => {
  if (message.kind === "start") start(message).catch(fail);
  else if (message.kind === "drain") endBeforeStart();
  else early.push([message, handle]);
};
process.on("message", (message: ToWorker, handle: unknown) => take(message, handle));
process.once("disconnect", endBeforeStart);

/** Nothing is under way yet. */
function endBeforeStart(): void {
  process.exit(0);
}

/** A main process that is gone needs no word. */
function send(message: FromWorker, sent: () => void = () => undefined): void {
  process.send?.(message, undefined, undefined, sent);
}

function fail(error: unknown): void {
  send({ kind: "failed", problems: explain(error) }, () => process.exit(1));
}

async function start({ name, config, certificate, processes, tunnels: told }: StartMessage): Promise<void> {
  log.level = config.log.level;
  log.setBindings({ process: name });
  installConfig(config);
  connectDatabase(config.database.url!, config.database.connections);
  await startNotifications();
  const changed = await startSettings();
  let otherJournalBytes = 0;
  const pipeline = await startAuditPipeline({
    config,
    pool: pool(),
    retention: false,
    otherJournalBytes: () => otherJournalBytes,
  });
  const tables = await startTables();
  const tunnels = await startTunnels({ config, process: name, ...told });
  const recordings = openStore(config);
  const gateway = createGateway({
    config,
    recorder: pipeline.recorder,
    recordings,
    strangerLimits: shareStrangerLimits(processes),
  });
  const health = createHealth({
    admission: () => pipeline.recorder.admission(),
    troubles: () => troublesOf(pipeline.status()),
    authority: certificate.authority,
  });
  const limits = {
    requestLimits: createRequestLimits(config.trustedProxies, shareRequestsOfNetwork(processes)),
    connectionLimits: shareConnectionLimits(processes),
  };

  const servers: Server[] = [];
  const listen = (purpose: ListenFor, handle: unknown) => {
    const server =
      purpose === "kube"
        ? createKubeServer(certificate, gateway, [health, tunnels.door], limits)
        : createPassedCallsServer(gateway);
    servers.push(server);
    const refused = (error: Error) =>
      fail(purpose === "kube" ? listenFailure(kubeAddress(config), error) : error);
    server.once("error", refused);
    server.listen(handle, () => {
      // From now on it is of one connection that could not be taken, and no call under way is to end with that.
      server
        .off("error", refused)
        .on("error", (error) => log.error({ err: error }, "a connection was not taken"));
      send({ kind: "listening", for: purpose });
    });
  };

  // The main process reads the certificate again, and sends it.
  reloadOnSignal(async () => undefined);
  const stopping = stopOnSignal([
    [
      "calls",
      async () => {
        const drained = Promise.all([gateway.drain(graceMs(config)), tunnels.drain(graceMs(config))]);
        await closeServers(servers, graceMs(config), drained);
        send({ kind: "callsEnded" });
      },
    ],
    ["the audit pipeline and the recordings", () => Promise.all([pipeline.drain(), recordings.stop()])],
    ["the tables and the settings", () => Promise.all([tunnels.stop(), tables.stop(), changed.stop()])],
    ["notifications", stopNotifications],
    ["the database", disconnectDatabase],
  ]);

  process.off("disconnect", endBeforeStart);
  take = (message, handle) => {
    if (message.kind === "listen") listen(message.for, handle);
    else if (message.kind === "certificate") {
      Object.assign(certificate, message.certificate);
      serveCertificate(servers, certificate);
    } else if (message.kind === "otherJournals") otherJournalBytes = message.bytes;
    else if (message.kind === "measure") void measure(message.question);
    else if (message.kind === "drain") stopping.stop();
  };
  for (const [message, handle] of early) take(message, handle);
  const tell = () => send({ kind: "status", status: pipeline.status() });
  setInterval(tell, STATUS_EVERY_MS).unref();
  returnMemory();
  tell();
  send({ kind: "ready" });
  // Where it is killed, the next one has it all the same.
  flushCompileCache();
}

/** Binding keeps no other program from the port, listening does: it may have been the first. */
const kubeAddress = ({ host, kubePort }: Config) => ({
  host,
  port: kubePort,
  setting: nameSetting(settings.kubePort),
});

async function measure(question: number): Promise<void> {
  // prom-client gives what it says it gives, with functions of its own left out.
  const metrics = (await register.getMetricsAsJSON()) as Metrics;
  send({ kind: "measured", question, metrics });
}
