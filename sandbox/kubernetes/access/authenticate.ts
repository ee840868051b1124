import type { IncomingMessage } from "node:http";
import type { PeerCertificate, TLSSocket } from "node:tls";
import { unauthorized } from "../http/status-error.ts";
import { allAuthenticated, parseServiceAccount, serviceAccountGroups, type UserInfo } from "./user.ts";

export type TokenIdentity = { user: string; groups: string[]; uid?: string };

/** Tokens to identities: those of the options, and those that TokenRequest has issued. */
export class Authenticator {
  #tokens: Map<string, TokenIdentity>;
  #open: TokenIdentity | undefined;

  /** `open`: the identity of requests without credentials; 401 when undefined. */
  constructor(tokens: Record<string, TokenIdentity>, open: TokenIdentity | undefined) {
    this.#tokens = new Map(Object.entries(tokens));
    this.#open = open;
  }

  issue(token: string, identity: TokenIdentity, seconds: number): void {
    this.#tokens.set(token, identity);
    setTimeout(() => this.#tokens.delete(token), Math.min(seconds * 1000, 2 ** 31 - 1)).unref();
  }

  /** The identity of a token, as TokenReview answers it. */
  review(token: string): UserInfo | undefined {
    const identity = this.#tokens.get(token);
    return identity === undefined ? undefined : userOf(identity);
  }

  /** Client certificate, then bearer token, then the WebSocket subprotocol; throws 401. */
  authenticate(req: IncomingMessage): UserInfo {
    const certified = certificateIdentity(req);
    if (certified !== undefined) return userOf(certified);
    const token = bearerToken(req);
    const identity = token === undefined ? this.#open : this.#tokens.get(token);
    if (identity === undefined) throw unauthorized();
    return userOf(identity);
  }
}

function userOf({ user, groups, uid }: TokenIdentity): UserInfo {
  const account = parseServiceAccount(user);
  const all = new Set([
    ...groups,
    ...(account ? serviceAccountGroups(account.namespace) : []),
    allAuthenticated,
  ]);
  return { name: user, uid, groups: [...all], extra: {} };
}

function certificateIdentity(req: IncomingMessage): TokenIdentity | undefined {
  const socket = req.socket as Partial<TLSSocket>;
  if (socket.authorized !== true) return undefined;
  const certificate = socket.getPeerCertificate?.() as PeerCertificate | undefined;
  const user = certificate?.subject?.CN;
  if (user === undefined) return undefined;
  const groups: unknown = certificate?.subject?.O ?? [];
  return { user: String(user), groups: [groups].flat().map(String) };
}

const protocolPrefix = "base64url.bearer.authorization.k8s.io.";

function bearerToken(req: IncomingMessage): string | undefined {
  const header = /^Bearer +(.+)$/i.exec(req.headers.authorization ?? "");
  if (header !== null) return header[1]?.trim();
  const protocols = (req.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  const carried = protocols.find((name) => name.startsWith(protocolPrefix));
  return carried === undefined
    ? undefined
    : Buffer.from(carried.slice(protocolPrefix.length), "base64url").toString("utf8");
}
