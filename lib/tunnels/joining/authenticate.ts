import type { Context } from "../../context.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { requireAttemptsLeft } from "../../identity/failed-authentication/record.ts";
import { RequestRate } from "../../limits/request-rate.ts";
import { processState } from "../../process-state.ts";
import { agentEntity, asAgent } from "../agents/agent-entity.ts";
import { findAgent, findNewAgent, type RegisteredAgent } from "../agents/registry.ts";
import { clusterOfCertificate } from "../authority/agent-certificate.ts";
import { type KnownAuthorities, knownAuthorities, readAuthorities } from "../authority/kept-authority.ts";
import {
  CLOCK_SKEW_SECONDS,
  PROOF_SECONDS,
  ProofError,
  type ProofPurpose,
  type Proved,
  readProof,
} from "../protocol/proof.ts";
import { agentNamedIn } from "./agent-named-in.ts";
import { refuseKnown, refuseStranger } from "./refusals.ts";

/** An agent that comes back every second, to each process, comes no more often. */
const PROOFS_OF_AGENT = { most: 120, windowMs: 60_000 };
/** Authorities are read again for a certificate of none that is known; strangers make no query each. */
const READ_AGAIN = { most: 1, windowMs: 1_000 };
/** A proof that was used counts no longer than this from then on: one of a clock that is ahead, shown again at one that is behind. */
const REMEMBERED_SECONDS = PROOF_SECONDS + 2 * CLOCK_SKEW_SECONDS + 1;

const state = processState("tunnels/authenticate", () => ({
  proofs: new RequestRate(PROOFS_OF_AGENT),
  reads: new RequestRate(READ_AGAIN),
}));

/**
 * Which agent a proof (lib/tunnels/protocol/proof.ts) shows: signed by the key of a certificate that the installation has issued and that counts, for this purpose,
 * now, and for the first time. `ctx` says where it comes from; its actor counts for nothing.
 * @throws AppError `unauthenticated` with the reason in words, an event (strangers' are counted by address); `resource_exhausted` for an address that failed
 * too often, or an agent that asks too often; `unavailable` without a database: a proof that was used cannot be told from one that was not.
 */
export async function authenticateAgent(
  ctx: Context,
  { proof, purpose }: { proof: string; purpose: ProofPurpose },
): Promise<RegisteredAgent> {
  requireAttemptsLeft(ctx);
  const { claims, certificate } = await read(ctx, proof, purpose);
  const clusterId = clusterOfCertificate(certificate);
  if (clusterId === null) return refuseStranger(ctx, "The certificate is not an agent's.");
  const retryAfterSeconds = state.proofs.take(claims.sub);
  if (retryAfterSeconds !== null) {
    const message = `The agent asks too often. Try again in ${retryAfterSeconds} seconds.`;
    throw new AppError("resource_exhausted", message, { retryAfterSeconds });
  }
  const agent = findAgent(claims.sub) ?? (await findNewAgent(claims.sub));
  if (!agent) return refuseById(ctx, claims.sub, "The agent was revoked. It has to join anew.");
  if (agent.clusterId !== clusterId)
    return refuseStranger(ctx, "The certificate names another cluster than the agent's.");
  if (!(await isFirstUse(claims))) return refuseById(ctx, agent.id, "The proof was used already.");
  return agent;
}

async function read(ctx: Context, proof: string, purpose: ProofPurpose): Promise<Proved> {
  try {
    return readWith(knownAuthorities(), proof, purpose);
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    if (state.reads.take("") !== null) return refuseProof(ctx, proof, error);
  }
  // Another process may have made the authority a moment ago.
  try {
    return readWith(await readAuthorities(), proof, purpose);
  } catch (error) {
    if (error instanceof ProofError) return refuseProof(ctx, proof, error);
    throw error;
  }
}

function readWith(
  { certificates, audience }: KnownAuthorities,
  proof: string,
  purpose: ProofPurpose,
): Proved {
  return readProof(proof, { authorities: certificates, audience: audience ?? "nobody", purpose });
}

/**
 * An agent whose certificate has ended, or whose clock is wrong, tries again every few seconds: it is told so under its name, and does not keep others at its
 * address out.
 */
function refuseProof(ctx: Context, proof: string, error: ProofError): Promise<never> {
  const why = `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`;
  const agentId = agentNamedIn(proof);
  return agentId === null ? refuseStranger(ctx, why) : refuseById(ctx, agentId, why);
}

/** Its certificate is good, but it is not let in. */
async function refuseById(ctx: Context, id: string, why: string): Promise<never> {
  const row = await database().tunnelAgent.findUnique({ where: { id }, include: { cluster: true } });
  if (!row) return refuseStranger(ctx, "The agent was removed. It has to join anew.");
  const event = { action: "Login", operation: "Connect", ...agentEntity(row) } as const;
  return refuseKnown(asAgent(ctx, row.name), event, why);
}

/** Whether the proof's id is used for the first time, at any process of any replica. How long it is known, the database's clock alone says. */
async function isFirstUse({ jti }: Proved["claims"]): Promise<boolean> {
  await database().$executeRaw`delete from tunnel_used_proofs where expires_at < now()`;
  const used = await database().$executeRaw`
    insert into tunnel_used_proofs (id, expires_at) values (${jti}, now() + make_interval(secs => ${REMEMBERED_SECONDS})) on conflict do nothing`;
  return used === 1;
}
