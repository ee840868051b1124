import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http2";

// In the tunnel HTTP/2 has its roles turned round: the agent is the server. Each connection to the API server is a CONNECT (RFC 9113, section 8.5).

/**
 * Who has what proves calls to the API server. `gateway`: the gateway speaks TLS to the API server through the tunnel, and the agent
 * passes ciphertext. `agent`: the agent speaks TLS to its API server and proves itself with a credential of its own; the gateway sends
 * HTTP/1.1 in the tunnel, with no credential.
 */
export type CredentialMode = "gateway" | "agent";

export const isCredentialMode = (text: unknown): text is CredentialMode =>
  text === "gateway" || text === "agent";

/**
 * `:authority` of a CONNECT, by the cluster's credential mode. They are words for the API server of the agent's own configuration, not
 * addresses: an agent resolves neither, and refuses every other with 403.
 */
export const API_SERVER_AUTHORITIES: Readonly<Record<CredentialMode, string>> = {
  gateway: "kube-apiserver:443",
  agent: "kube-apiserver:80",
};

/** Why an agent opens no connection. */
export type DialProblem =
  /** 403: it opens its own API server only, and was asked for something else. */
  | "authority"
  /** 421: it is configured for the other credential mode. */
  | "mode"
  /** 502: it cannot reach its API server. */
  | "unreachable"
  /** 503: it has as many streams as it takes. */
  | "limit"
  /** 503: it is about to end. */
  | "draining";

const STATUS: Readonly<Record<DialProblem, number>> = {
  authority: 403,
  mode: 421,
  unreachable: 502,
  limit: 503,
  draining: 503,
};

export interface DialRefusal {
  problem: DialProblem;
  /** Of Node's sockets, where it is `unreachable`: ECONNREFUSED, ENOTFOUND, ETIMEDOUT, or of TLS; else null. */
  code: string | null;
  /** In words, at most 256 visible ASCII characters. */
  message: string;
}

/** The head by which an agent refuses a CONNECT; it ends the stream with it. */
export function refusalHeaders({ problem, code, message }: DialRefusal): OutgoingHttpHeaders {
  return {
    ":status": STATUS[problem],
    "kubewitness-problem": problem,
    ...(code === null ? {} : { "kubewitness-code": code }),
    "kubewitness-message": message.replace(/[^\x20-\x7e]/g, "?").slice(0, 256),
  };
}

/** What the head of an answer to a CONNECT says; null: it is open. Nothing in it is trusted to be of a size or form. */
export function readRefusal(headers: IncomingHttpHeaders): DialRefusal | null {
  const status = Number(headers[":status"]);
  if (status === 200) return null;
  const said = headers["kubewitness-problem"];
  const problem = isProblem(said) ? said : "unreachable";
  const code = shortText(headers["kubewitness-code"], 40);
  const message = shortText(headers["kubewitness-message"], 256) ?? `the agent answered ${status}`;
  return { problem, code: code !== null && /^[A-Z0-9_]+$/.test(code) ? code : null, message };
}

const isProblem = (text: unknown): text is DialProblem =>
  typeof text === "string" && Object.hasOwn(STATUS, text);

function shortText(value: unknown, most: number): string | null {
  return typeof value === "string" ? value.replace(/[^\x20-\x7e]/g, "?").slice(0, most) : null;
}

/**
 * The one request beside CONNECT that a hub sends: PUT with a JSON body {@link HubList} whenever the replicas alive are others. The agent
 * answers 204, and sees that it has a connection to each.
 */
export const HUBS_PATH = "/hubs";

export interface HubList {
  hubs: string[];
}
