import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "../../../../test/free-ports.ts";
import type { ReceiverCertificates } from "./certificates.ts";

export interface SyslogServer {
  port: number;
  /** What it wrote: a JSON object a message. */
  messages(): SyslogMessage[];
  /** As a crash ends it. */
  kill(): Promise<void>;
  /** The same again, behind a kill. */
  restart(): Promise<void>;
  /** Where it writes. */
  written: string;
  close(): Promise<void>;
}

export interface SyslogMessage {
  pri: string;
  host: string;
  app: string;
  kind: string;
  data: string;
  text: string;
}

const STARTED_WITHIN_MS = 20_000;

/** Debian's rsyslogd on this machine. With certificates it speaks TLS and takes the clients of their authority that are named kubewitness. */
export async function startRsyslog(
  program: string,
  certificates?: ReceiverCertificates,
): Promise<SyslogServer> {
  const folder = mkdtempSync(path.join(tmpdir(), "rsyslog-"));
  const port = await freePort();
  const written = path.join(folder, "written");
  writeFileSync(path.join(folder, "rsyslog.conf"), configuration({ folder, port, written, certificates }));
  let server = await start(program, folder, port);
  const stop = async (signal: "SIGTERM" | "SIGKILL") => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill(signal);
    await once(server, "exit");
  };
  return {
    port,
    written,
    messages: () => (existsSync(written) ? readMessages(readFileSync(written, "utf8")) : []),
    kill: () => stop("SIGKILL"),
    restart: async () => {
      server = await start(program, folder, port);
    },
    close: async () => {
      await stop("SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function start(program: string, folder: string, port: number): Promise<ChildProcess> {
  const pid = path.join(folder, "pid");
  rmSync(pid, { force: true });
  const options = ["-n", "-f", path.join(folder, "rsyslog.conf"), "-i", pid];
  const server = spawn(program, options, { stdio: ["ignore", "ignore", "pipe"] });
  // Also where a test is cut off.
  const end = () => server.kill("SIGKILL");
  process.once("exit", end);
  server.once("exit", () => process.off("exit", end));
  let said = "";
  server.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  await whenListening(port, server, () => said);
  return server;
}

const readMessages = (text: string): SyslogMessage[] =>
  text
    .split("\n")
    .filter((line) => line.endsWith("}"))
    .map((line) => JSON.parse(line));

interface Configuration {
  folder: string;
  port: number;
  written: string;
  certificates?: ReceiverCertificates;
}

function configuration({ folder, port, written, certificates }: Configuration): string {
  const file = (name: string, text: string) => {
    writeFileSync(path.join(folder, name), text, { mode: 0o600 });
    return path.join(folder, name);
  };
  const tls = certificates && [
    `DefaultNetstreamDriver="ossl"`,
    `DefaultNetstreamDriverCAFile="${file("ca.crt", certificates.ca)}"`,
    `DefaultNetstreamDriverCertFile="${file("server.crt", certificates.server.certificate)}"`,
    `DefaultNetstreamDriverKeyFile="${file("server.key", certificates.server.key)}"`,
  ];
  const driver = certificates
    ? `StreamDriver.Name="ossl" StreamDriver.Mode="1" StreamDriver.AuthMode="x509/name" PermittedPeer=["kubewitness"]`
    : "";
  return `
# What it has read is in the file before it closes a connection.
main_queue(queue.type="Direct")
global(${(tls || []).join(" ")} maxMessageSize="256k" workDirectory="${folder}" parser.escapeControlCharactersOnReceive="off")
module(load="imtcp" ${driver})
template(name="json" type="list" option.jsonf="on") {
  property(outname="pri" name="pri" format="jsonf")
  property(outname="host" name="hostname" format="jsonf")
  property(outname="app" name="app-name" format="jsonf")
  property(outname="kind" name="msgid" format="jsonf")
  property(outname="data" name="structured-data" format="jsonf")
  property(outname="text" name="msg" format="jsonf")
}
input(type="imtcp" port="${port}" address="127.0.0.1")
action(type="omfile" file="${written}" template="json" asyncWriting="off" flushOnTXEnd="on")
`;
}

/** rsyslogd says nothing when it is ready. */
async function whenListening(port: number, server: ChildProcess, said: () => string): Promise<void> {
  const until = Date.now() + STARTED_WITHIN_MS;
  while (Date.now() < until) {
    if (server.exitCode !== null) throw new Error(`rsyslogd ended with ${server.exitCode}: ${said()}`);
    const socket = connect(port, "127.0.0.1");
    const open = await Promise.race([
      once(socket, "connect").then(
        () => true,
        () => false,
      ),
      wait(1_000, false),
    ]);
    socket.destroy();
    if (open) return;
    await wait(50);
  }
  throw new Error(`rsyslogd does not listen at ${port}: ${said()}`);
}
