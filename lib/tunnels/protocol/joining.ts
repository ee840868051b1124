import type { CredentialMode } from "./api-server-stream.ts";

/** The body of a join: who has a join token becomes an agent of the token's cluster. */
export interface JoinRequest {
  /** See {@link parseJoinToken}; counts once. */
  token: string;
  /** PKCS #10 (RFC 2986), PEM, of an EC key on P-256 that never leaves the agent. Its subject says nothing. */
  certificateRequest: string;
  /** What it wants to be called: {@link isAgentName}. Null: what the token says, or a name that the gateway makes. */
  name: string | null;
  tags: string[];
  version: string;
}

/** What an agent keeps of its joining. */
export interface JoinAnswer extends RenewAnswer {
  /** A UUID: the certificate's common name, and `iss` and `sub` of its proofs. */
  agentId: string;
  /** As it stands on the page and in the record. */
  name: string;
  /** The name of the cluster that it serves from now on. */
  cluster: string;
  /** How calls prove themselves to the API server: the agent must be configured the same way. */
  credential: CredentialMode;
}

/** The body of a renewal; the proof in its head is by the key that the agent has had. */
export interface RenewRequest {
  /** As in {@link JoinRequest}: of the next key, which may be the same one. */
  certificateRequest: string;
}

export interface RenewAnswer {
  /** PEM, one certificate, issued by the installation's authority of agents. */
  certificate: string;
  /** RFC 3339. */
  expiresAt: string;
  /** RFC 3339: from when on it is to be renewed. */
  renewAfter: string;
  /** `aud` of its proofs: the installation, by a name that stays; no address, which may become another. */
  audience: string;
  /** PEM: what proves the gateway from now on, beside what the agent trusts already; null: what the agent trusted for this answer. */
  gatewayAuthority: string | null;
}

/** A name of an agent: 1 to 63 of letters, digits, `.`, `_` and `-`, with a letter or digit at the ends. */
export function isAgentName(text: string): boolean {
  return /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/.test(text);
}
