import { spawn } from "node:child_process";
import { z } from "zod";
import { redactKnownSecrets } from "../../audit/redaction/redact-text.ts";
import { childEnvironment } from "../../config/child-environment.ts";
import { AppError } from "../../errors.ts";
import { log } from "../../log.ts";
import type { ExecPlugin } from "./schema.ts";

/** What a plugin answers: a token, a client certificate, or both. */
export interface ExecCredential {
  token: string | null;
  certificate: { certificate: string; key: string } | null;
  /** Milliseconds since the epoch; Infinity where the plugin names no end. */
  expiresAt: number;
}

/** The cluster as the plugin may be told of it (provideClusterInfo). */
export interface ExecCluster {
  name: string;
  endpoint: string;
  certificateAuthority: string | null;
  tlsServerName: string | null;
  insecureSkipTlsVerify: boolean;
}

const TIMEOUT_MS = 30_000;
const MAX_OUTPUT_BYTES = 1024 * 1024;

const Answer = z.object({
  apiVersion: z.string(),
  kind: z.literal("ExecCredential"),
  status: z.object({
    token: z.string().min(1).optional(),
    clientCertificateData: z.string().min(1).optional(),
    clientKeyData: z.string().min(1).optional(),
    expirationTimestamp: z.iso.datetime({ offset: true }).optional(),
  }),
});

/**
 * Runs a credential plugin without a terminal.
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 * @throws AppError `unavailable`; what the plugin printed goes to the log alone, since it may hold secrets.
 */
export async function runExecPlugin(plugin: ExecPlugin, cluster: ExecCluster): Promise<ExecCredential> {
  const output = await runProgram(plugin, cluster);
  const answer = Answer.safeParse(parseJson(output));
  if (!answer.success) throw failure(plugin, cluster, "it did not print an ExecCredential with a status");
  if (answer.data.apiVersion !== plugin.apiVersion) {
    throw failure(
      plugin,
      cluster,
      `it answers ${answer.data.apiVersion} where ${plugin.apiVersion} was asked`,
    );
  }
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = answer.data.status;
  if (!token && !(clientCertificateData && clientKeyData)) {
    throw failure(plugin, cluster, "it gave neither a token nor a client certificate with its key");
  }
  return {
    token: token ?? null,
    certificate:
      clientCertificateData && clientKeyData
        ? { certificate: clientCertificateData, key: clientKeyData }
        : null,
    expiresAt: expirationTimestamp ? Date.parse(expirationTimestamp) : Number.POSITIVE_INFINITY,
  };
}

function runProgram(plugin: ExecPlugin, cluster: ExecCluster): Promise<string> {
  const env = childEnvironment({
    ...Object.fromEntries(plugin.env.map(({ name, value }) => [name, value])),
    KUBERNETES_EXEC_INFO: execInfo(plugin, cluster),
  });
  return new Promise((resolve, reject) => {
    const child = spawn(plugin.command, plugin.args, {
      env,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: TIMEOUT_MS,
      killSignal: "SIGKILL",
    });
    const stdout = collect(child.stdout, () => child.kill("SIGKILL"));
    const stderr = collect(child.stderr, () => {});
    child.on("error", (error: NodeJS.ErrnoException) => {
      reject(failure(plugin, cluster, spawnProblem(plugin.command, error)));
    });
    child.on("close", (code, signal) => {
      if (code === 0) return resolve(stdout());
      log.warn(
        { cluster: cluster.name, command: plugin.command, stderr: redactKnownSecrets(stderr()) },
        "a credential plugin failed",
      );
      reject(
        failure(plugin, cluster, code === null ? `it was ended by ${signal}` : `it exited with ${code}`),
      );
    });
  });
}

/** The search of PATH ends with EACCES where one of its folders may not be read, or holds a file of that name which is no program. */
function spawnProblem(command: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === "ENOENT") return "there is no such program";
  if (code !== "EACCES") return message;
  return command.includes("/")
    ? "this user may not run it"
    : "there is no such program in PATH that this user may run";
}

function collect(stream: NodeJS.ReadableStream, onTooMuch: () => void): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MAX_OUTPUT_BYTES) chunks.push(chunk);
    else onTooMuch();
  });
  return () => Buffer.concat(chunks).toString("utf8");
}

function execInfo(plugin: ExecPlugin, cluster: ExecCluster): string {
  const information = {
    server: cluster.endpoint,
    ...(cluster.tlsServerName ? { "tls-server-name": cluster.tlsServerName } : {}),
    ...(cluster.insecureSkipTlsVerify ? { "insecure-skip-tls-verify": true } : {}),
    ...(cluster.certificateAuthority
      ? { "certificate-authority-data": Buffer.from(cluster.certificateAuthority).toString("base64") }
      : {}),
  };
  const spec = { interactive: false, ...(plugin.provideClusterInfo ? { cluster: information } : {}) };
  return JSON.stringify({ apiVersion: plugin.apiVersion, kind: "ExecCredential", spec });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function failure(plugin: ExecPlugin, cluster: ExecCluster, why: string): AppError {
  const command = JSON.stringify(plugin.command);
  return new AppError(
    "unavailable",
    `The credential plugin ${command} of cluster ${cluster.name} failed: ${why}.`,
  );
}
