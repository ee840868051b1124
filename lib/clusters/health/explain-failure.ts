import { AppError } from "../../errors.ts";
import { DialError } from "../../tunnels/hub/dial-error.ts";
import { AddressRefused } from "../addresses/address-policy.ts";
import type { CheckStep, ClusterFinding } from "../schema.ts";
import { NoAgent } from "../transports/tunnel.ts";

interface Cause {
  step: CheckStep;
  says: string;
  next: string;
}

const RESOLVE = "Check the endpoint's spelling, and whether this machine's DNS knows the name.";
const DIAL = "Check the port, that the API server runs, and the firewalls between this machine and it.";
const SYSTEM: Readonly<Record<string, Cause>> = {
  ENOTFOUND: { step: "address", says: "its name has no address", next: RESOLVE },
  EAI_AGAIN: { step: "address", says: "the DNS server does not answer for its name", next: RESOLVE },
  ECONNREFUSED: { step: "connection", says: "nothing listens at its address", next: DIAL },
  EHOSTUNREACH: { step: "connection", says: "there is no way to its address", next: DIAL },
  ENETUNREACH: { step: "connection", says: "there is no way to its network", next: DIAL },
  ETIMEDOUT: { step: "connection", says: "it does not answer in time", next: DIAL },
  ECONNRESET: { step: "connection", says: "it closed the connection before it was open", next: DIAL },
};

const TRUST =
  "Give the cluster the certificate authority that signed its certificate (certificate-authority-data of its kubeconfig).";
const UNKNOWN_AUTHORITY = {
  says: "its certificate is signed by an authority that is not known here",
  next: TRUST,
};
const CERTIFICATES: Readonly<Record<string, Omit<Cause, "step">>> = {
  CERT_HAS_EXPIRED: {
    says: "its certificate has expired",
    next: "Renew the API server's certificate (kubeadm certs renew).",
  },
  CERT_NOT_YET_VALID: {
    says: "its certificate is not valid yet",
    next: "Compare the clocks of this machine and of the cluster.",
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: { says: "its certificate is signed by itself", next: TRUST },
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  CERT_SIGNATURE_FAILURE: { says: "its certificate was signed by another authority", next: TRUST },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    says: "its certificate is for another name",
    next: "Set the name in the certificate (tls-server-name), or call the cluster by a name that the certificate has.",
  },
};

/** The time of a check was up. */
export class NoAnswer extends Error {
  readonly step: "credential" | "connection";

  constructor(step: NoAnswer["step"], milliseconds: number) {
    const what =
      step === "credential" ? "the gateway's credential for it is not there" : "it does not answer";
    super(`${what} within ${milliseconds / 1_000} s`);
    this.name = "NoAnswer";
    this.step = step;
  }
}

const CREDENTIAL = "See to it on this machine, or give the cluster another credential.";

/** What kept a check from its answer, and what to do about it. */
export function explainFailure(error: unknown): ClusterFinding {
  if (error instanceof DialError) return explainDial(error);
  if (error instanceof NoAnswer) {
    const { step, message: says } = error;
    return finding({ step, says, next: step === "credential" ? CREDENTIAL : DIAL }, "");
  }
  if (error instanceof AppError) return refused(error);
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof AppError) return refused(cause);
  const code = String((cause as { code?: unknown } | null)?.code ?? "");
  const certificate = CERTIFICATES[code];
  if (certificate) return finding({ step: "certificate", ...certificate }, code);
  const system = SYSTEM[code];
  if (system) return finding(system, code);
  const message = cause instanceof Error ? cause.message || cause.name : String(cause);
  if (/SSL|TLS/.test(`${code} ${message}`)) {
    const says = `TLS fails: ${message.trim()}`;
    return finding(
      { step: "certificate", says, next: "Check that the endpoint is the API server's own." },
      code,
    );
  }
  return finding({ step: "connection", says: `it cannot be reached: ${message}`, next: DIAL }, code);
}

const finding = ({ step, says, next }: Cause, code: string): ClusterFinding => ({
  step,
  severity: "failing",
  problem: code && !says.includes(code) ? `${says} (${code})` : says,
  next,
});

/** What an agent of a tunnel says of its own way to the API server. */
function explainDial({ agent, problem, code, message }: DialError): ClusterFinding {
  const tunnel = (says: string, next: string) => finding({ step: "tunnel", says, next }, "");
  if (problem === "mode") {
    return tunnel(`its agent ${agent} refuses the cluster's credential mode: ${message}`, SAME_MODE);
  }
  if (problem !== "unreachable") {
    return tunnel(
      `its agent ${agent} opened no connection: ${message}`,
      "See what the agent's own log says.",
    );
  }
  const says = SYSTEM[code]?.says ?? CERTIFICATES[code]?.says ?? message;
  const next =
    "Check the API server's address and authority that the agent is configured with, and its own log.";
  return tunnel(`its agent ${agent} cannot reach the API server: ${says} (${code})`, next);
}

const SAME_MODE = "Set the same credential mode at the cluster and at its agents (KUBEWITNESS_AGENT_MODE).";

function refused(error: AppError): ClusterFinding {
  const problem = error.message.replace(/\.$/, "");
  if (error instanceof NoAgent)
    return { step: "tunnel", severity: "failing", problem: error.problem, next: error.next };
  if (error instanceof AddressRefused) {
    const next = "Call the cluster by another address, or permit this one in the configuration.";
    return { step: "address", severity: "failing", problem, next };
  }
  const next = error.code === "internal" ? "Give the cluster's credential anew." : CREDENTIAL;
  return { step: "credential", severity: "failing", problem, next };
}
