import { X509Certificate } from "node:crypto";
import { TLSSocket } from "node:tls";
import { z } from "zod";
import { chooseTransport } from "../choose-transport.ts";
import { openCredential } from "../credentials/sealed.ts";
import type { RegisteredCluster } from "../registry.ts";
import { type ClusterFinding, type ClusterHealth, FindingSeverity } from "../schema.ts";
import { openUpstream, type Upstream } from "../upstream.ts";
import { ask } from "./ask.ts";
import { explainFailure, NoAnswer } from "./explain-failure.ts";
import { checkPrivileges } from "./privileges.ts";

const DEADLINE_MS = 5_000;
/** Whoever renews a certificate by hand has a month to do it. */
const ENDS_SOON_MS = 30 * 86_400_000;
/** The oldest minor version that the gateway is tried with. */
const OLDEST_MINOR = 20;

const Version = z.object({ gitVersion: z.string().max(100) });

type Seen = Omit<ClusterHealth, "state" | "checkedAt">;

/**
 * Calls a cluster as the gateway will, and says what keeps calls from working, or soon will: its address, its certificate, whether it takes the
 * credential, whether the gateway's own account may impersonate, and whether it may more than that. At most 5 s; changes nothing there.
 */
export async function examineCluster(
  cluster: RegisteredCluster,
  { deadlineMs = DEADLINE_MS } = {},
): Promise<ClusterHealth> {
  const seen: Seen = {
    version: null,
    latencyMs: null,
    certificateExpiresAt: null,
    credentialExpiresAt: null,
    findings: [],
  };
  let upstream: Upstream | undefined;
  try {
    seen.credentialExpiresAt = credentialEnd(cluster);
    upstream = openUpstream(cluster, chooseTransport(cluster));
    await within(deadlineMs, upstream, (signal) => look(upstream!, seen, signal));
  } catch (error) {
    seen.findings.push(explainFailure(error));
  } finally {
    void upstream?.calls.destroy();
  }
  seen.findings.push(...endings(seen));
  return { state: worst(seen.findings), checkedAt: new Date().toISOString(), ...seen };
}

async function look(upstream: Upstream, seen: Seen, signal: AbortSignal): Promise<void> {
  const stream = await upstream.connect({ signal });
  if (stream instanceof TLSSocket) seen.certificateExpiresAt = endOf(stream.getPeerX509Certificate());
  stream.destroy();
  // The first call also opens its connection; the second one is what a call takes.
  await ask(upstream, { method: "GET", path: "/version", signal });
  const answer = await ask(upstream, { method: "GET", path: "/version", signal });
  seen.latencyMs = Math.round(answer.tookMs * 10) / 10;
  const version = Version.safeParse(answer.body);
  if (answer.status === 200 && version.success) seen.version = version.data.gitVersion;
  const refusal = explainAnswer(answer.status, version.success, upstream);
  if (refusal) seen.findings.push(refusal);
  else seen.findings.push(...(await checkPrivileges(upstream, signal)), ...explainVersion(seen.version));
}

function explainAnswer(
  status: number,
  isVersion: boolean,
  { transport }: Pick<Upstream, "transport">,
): ClusterFinding | null {
  if (status === 401 && transport.endsTls === true) {
    return {
      step: "authentication",
      severity: "failing",
      problem: "it does not take the agent's own credential (401)",
      next: "Check the agent's service account: deploy/agent.yaml makes one.",
    };
  }
  if (status === 401) {
    return {
      step: "authentication",
      severity: "failing",
      problem: "it does not take the credential (401)",
      next: "Give the cluster's credential anew: deploy/gateway-kubeconfig.sh prints one.",
    };
  }
  // A cluster may keep its version to itself.
  if (status === 403 || (status === 200 && isVersion)) return null;
  return {
    step: "answer",
    severity: "failing",
    problem: `at that address answers something that is no Kubernetes API server (${status} for /version)`,
    next: "Check the endpoint, its path too.",
  };
}

function explainVersion(version: string | null): ClusterFinding[] {
  const [, minor] = /^v1\.(\d+)/.exec(version ?? "") ?? [];
  if (minor === undefined || Number(minor) >= OLDEST_MINOR) return [];
  return [
    {
      step: "version",
      severity: "warning",
      problem: `it runs ${version}, which is older than what the gateway is tried with (1.${OLDEST_MINOR})`,
      next: "Bring the cluster up to date.",
    },
  ];
}

function endings({ certificateExpiresAt, credentialExpiresAt }: Seen): ClusterFinding[] {
  return [
    ...ending(certificateExpiresAt, {
      step: "certificate",
      what: "its certificate",
      next: "Renew the API server's certificate (kubeadm certs renew).",
    }),
    ...ending(credentialExpiresAt, {
      step: "credential",
      what: "the gateway's credential",
      next: "Give the cluster a new one before that.",
    }),
  ];
}

function ending(
  end: string | null,
  { step, what, next }: Pick<ClusterFinding, "step" | "next"> & { what: string },
): ClusterFinding[] {
  const left = end === null ? Number.POSITIVE_INFINITY : new Date(end).getTime() - Date.now();
  if (left <= 0 || left > ENDS_SOON_MS) return [];
  const days = Math.floor(left / 86_400_000);
  const when = days === 0 ? "within a day" : `in ${days} ${days === 1 ? "day" : "days"}`;
  return [{ step, severity: "warning", problem: `${what} ends ${when}`, next }];
}

function worst(findings: readonly ClusterFinding[]): ClusterHealth["state"] {
  return (
    FindingSeverity.options.find((severity) => findings.some((each) => each.severity === severity)) ??
    "healthy"
  );
}

/** When what proves the gateway ends: a certificate's end, a token's `exp` (RFC 7519 4.1.4). Null where that cannot be told. */
function credentialEnd(cluster: RegisteredCluster): string | null {
  const credential = cluster.credential && openCredential(cluster, cluster.credential);
  if (credential?.kind === "clientCertificate") return endOf(new X509Certificate(credential.certificate));
  if (credential?.kind !== "token") return null;
  const [, payload = ""] = credential.token.split(".");
  const claims = Claims.safeParse(parseJson(Buffer.from(payload, "base64url").toString("utf8")));
  return claims.success ? new Date(claims.data.exp * 1_000).toISOString() : null;
}

const Claims = z.object({ exp: z.int().positive().max(8_640_000_000_000) });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const endOf = (certificate: X509Certificate | undefined): string | null =>
  certificate ? certificate.validToDate.toISOString() : null;

/** A credential plugin may take longer, and nothing ends it: then the check does without it. */
async function within(
  milliseconds: number,
  upstream: Upstream,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const limit = new AbortController();
  let step: NoAnswer["step"] = "credential";
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      limit.abort(new NoAnswer(step, milliseconds));
      reject(limit.signal.reason);
    }, milliseconds);
  });
  const looking = upstream.authorization().then(() => {
    step = "connection";
    return work(limit.signal);
  });
  try {
    await Promise.race([looking, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}
