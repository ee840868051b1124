import type { CredentialMode } from "../../lib/tunnels/protocol/api-server-stream.ts";
import { AgentError } from "../agent-error.ts";
import type { Trust } from "../gateway/trust.ts";

/** What an agent is after it has joined: kept, so that a restart needs no new join token. */
export interface Identity extends Trust {
  agentId: string;
  /** As it stands on the page and in the record. */
  name: string;
  cluster: string;
  credential: CredentialMode;
  /** PKCS #8 in PEM. */
  key: string;
  /** PEM. */
  certificate: string;
  /** RFC 3339. */
  expiresAt: string;
  renewAfter: string;
  /** `aud` of its proofs. */
  audience: string;
  /** SHA-256 of the join token, hexadecimal: another token is one to join anew with. */
  joinedWith: string;
}

/** What is kept: an identity, or none yet, and who is about to change it. */
export interface Kept {
  identity: Identity | null;
  /** Who joins or renews now, and until when the others leave it to them: milliseconds since 1970. */
  claim: { by: string; until: number } | null;
}

export const formatKept = (kept: Kept): string => `${JSON.stringify(kept, null, 2)}\n`;

const TEXTS = [
  "agentId",
  "name",
  "cluster",
  "credential",
  "key",
  "certificate",
  "expiresAt",
  "renewAfter",
  "audience",
  "joinedWith",
];

/** Reads what was kept; `place` names it in the error. @throws AgentError. */
export function parseKept(text: string, place: string): Kept {
  try {
    const kept = JSON.parse(text) as Kept;
    const { identity } = kept;
    const whole =
      identity === null ||
      (TEXTS.every((field) => typeof identity[field as keyof Identity] === "string") &&
        Array.isArray(identity.authorities));
    if (whole) return { identity, claim: kept.claim ?? null };
  } catch {
    // Said below: a parser's message would quote the text, which holds the key.
  }
  throw new AgentError(
    `${place} does not hold what this agent keeps: remove it, and join with a new join token`,
    {
      final: true,
    },
  );
}
