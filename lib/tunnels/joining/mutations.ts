import { randomUUID } from "node:crypto";
import { requirePermission } from "../../access/permission.ts";
import { recordEvent } from "../../audit/events/record.ts";
import { recordIfRefused } from "../../audit/events/refused.ts";
import { config } from "../../config.ts";
import { actorName, type Context } from "../../context.ts";
import { inTransaction, type Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { requireAttemptsLeft } from "../../identity/failed-authentication/record.ts";
import { RequestRate } from "../../limits/request-rate.ts";
import { isUuid } from "../../names/uuid.ts";
import { processState } from "../../process-state.ts";
import { agentEntity, asAgent, holdAgent, shownAgent } from "../agents/agent-entity.ts";
import { announceAgentChange } from "../agents/announce.ts";
import { issueAgentCertificate } from "../authority/agent-certificate.ts";
import { readCertificateRequest } from "../authority/agent-key.ts";
import { type CredentialMode, isCredentialMode } from "../protocol/api-server-stream.ts";
import type { JoinAnswer, RenewAnswer } from "../protocol/joining.ts";
import { gatewayAuthority } from "./gateway-authority.ts";
import { holdJoinToken } from "./hold-join-token.ts";
import { issuedAnswer } from "./issued-answer.ts";
import { joinTokenEntity, newJoinToken, viewJoinToken } from "./join-token.ts";
import { parseAsked } from "./parse-asked.ts";
import { recordFirstRefusals } from "./refusals.ts";
import {
  JOIN_TOKEN_MS,
  JoinAgentInput,
  type MadeJoinToken,
  MakeJoinTokenInput,
  MOST_JOIN_TOKENS,
  RenewCertificateInput,
} from "./schema.ts";
import { takeName } from "./take-name.ts";

/** Of one agent, whose processes may share a certificate; each is an event. */
const RENEWALS = { most: 20, windowMs: 3_600_000 };

const state = processState("tunnels/renewals", () => ({ renewals: new RequestRate(RENEWALS) }));

const WITH = { cluster: true, agent: true } as const;

/**
 * Makes a token with which one agent may join the cluster, once, within the hour. It is in this answer alone.
 * @throws AppError `not_found`, `resource_exhausted` where too many wait to be used.
 */
export function makeJoinToken({
  ctx,
  input,
}: {
  ctx: Context;
  input: MakeJoinTokenInput;
}): Promise<MadeJoinToken> {
  const attempt = { action: "Create", operation: "Create", entityType: "TunnelAgent" } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requirePermission(ctx, "agents:write");
    const { cluster: clusterId } = MakeJoinTokenInput.parse(input);
    const { token, hash } = newJoinToken(await gatewayAuthority());
    return inTransaction(database(), async (tx) => {
      const cluster = await tx.cluster.findFirst({ where: { id: clusterId, removedAt: null } });
      if (!cluster) throw new AppError("not_found", "There is no cluster with that id.");
      await makeRoom(tx);
      const expiresAt = new Date(Date.now() + JOIN_TOKEN_MS);
      const data = { clusterId, tokenHash: hash, createdBy: actorName(ctx), expiresAt };
      const row = await tx.tunnelJoinToken.create({ data, include: WITH });
      const { agent: _none, ...view } = viewJoinToken(row);
      await recordEvent(tx, ctx, { ...attempt, ...joinTokenEntity(row), after: { joinToken: view } });
      return { ...viewJoinToken(row), token, gateway: config().kubePublicUrl };
    });
  });
}

/** Those of yesterday tell nothing more: their agents know who made them. */
async function makeRoom(tx: Transaction): Promise<void> {
  await tx.$executeRaw`delete from tunnel_join_tokens where expires_at < now() - interval '1 day'`;
  const waiting = await tx.tunnelJoinToken.count({ where: { usedAt: null, expiresAt: { gt: new Date() } } });
  if (waiting < MOST_JOIN_TOKENS) return;
  const message = `${MOST_JOIN_TOKENS} join tokens wait to be used, the most there may be. Withdraw one, or wait until they have ended.`;
  throw new AppError("resource_exhausted", message);
}

/** Withdraws a token that nothing has joined with. @throws AppError `not_found` */
export function withdrawJoinToken({ ctx, input }: { ctx: Context; input: { id: string } }): Promise<void> {
  const { id } = input;
  const attempt = {
    action: "Delete",
    operation: "Withdraw",
    entityType: "TunnelAgent",
    entityId: id,
  } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requirePermission(ctx, "agents:write");
    await inTransaction(database(), async (tx) => {
      const where = { id, usedAt: null, expiresAt: { gt: new Date() } };
      const row = isUuid(id) ? await tx.tunnelJoinToken.findFirst({ where, include: WITH }) : null;
      if (!row || (await tx.tunnelJoinToken.deleteMany({ where })).count === 0)
        throw new AppError("not_found", "There is no join token with that id that waits.");
      const before = { joinToken: viewJoinToken(row) };
      await recordEvent(tx, ctx, { ...attempt, ...joinTokenEntity(row), before });
    });
  });
}

/**
 * Somebody shows a join token, and becomes an agent of the token's cluster: the answer has its certificate. The token counts once. `ctx` says where it asks
 * from; what it says of its cluster counts for nothing.
 * @throws AppError `unauthenticated` for a token that does not count, `resource_exhausted` where its address failed too often, `invalid_argument`,
 * `conflict` where its name is taken by one that is connected.
 */
export async function joinAgent({
  ctx,
  input,
}: {
  ctx: Context;
  input: JoinAgentInput;
}): Promise<JoinAnswer> {
  requireAttemptsLeft(ctx);
  const { token, certificateRequest, name: asked, tags, version } = parseAsked(JoinAgentInput, input);
  const publicKey = await readCertificateRequest(certificateRequest);
  const held = await holdJoinToken(ctx, token);
  const { clusterId, createdBy: joinedBy } = held;
  const agentId = randomUUID();
  const issued = await issueAgentCertificate({ agentId, clusterId, publicKey });
  const answer = await issuedAnswer(issued);
  const { fingerprint, serial, endsAt: certificateEndsAt } = issued;
  const attempt = { action: "Create", operation: "Join", ...joinTokenEntity(held) } as const;
  return recordFirstRefusals(asAgent(ctx, asked ?? "new"), attempt, () =>
    inTransaction(database(), async (tx) => {
      // Of two at the same time one uses it.
      const where = { id: held.id, usedAt: null, expiresAt: { gt: new Date() } };
      const used = await tx.tunnelJoinToken.updateMany({ where, data: { usedAt: new Date() } });
      if (used.count !== 1) throw new AppError("unauthenticated", "The join token was used already.");
      await holdCluster(tx, clusterId);
      const name = await takeName(tx, asAgent(ctx, asked ?? "new"), { clusterId, name: asked });
      const kept = { fingerprint, serial, certificateEndsAt, joinedBy, address: ctx.sourceIp };
      const data = { id: agentId, clusterId, name, tags, version, ...kept };
      const row = await tx.tunnelAgent.create({ data, include: { cluster: true } });
      await tx.tunnelJoinToken.update({ where: { id: held.id }, data: { agentId } });
      await announceAgentChange(tx);
      const after = { ...shownAgent(row), joinedBy, joinToken: held.id };
      await recordEvent(tx, asAgent(ctx, name), {
        action: "Create",
        operation: "Join",
        ...agentEntity(row),
        after,
      });
      return { ...answer, agentId, name, cluster: row.cluster.name, credential: credentialMode(row.cluster) };
    }),
  );
}

/** Until the end of the transaction names are taken one after the other, and the cluster stays. */
async function holdCluster(tx: Transaction, id: string): Promise<void> {
  const held = await tx.$executeRaw`
    select 1 from clusters where id = ${id}::uuid and removed_at is null for no key update`;
  if (held === 0) throw new AppError("unauthenticated", "The join token's cluster was removed.");
}

function credentialMode({ tunnelCredential }: { tunnelCredential: string }): CredentialMode {
  if (isCredentialMode(tunnelCredential)) return tunnelCredential;
  throw new Error(`clusters.tunnel_credential: ${tunnelCredential}`);
}

/**
 * Gives an agent the next certificate; `agentId` is what its proof has shown. Those before count until their own ends: several processes may share one.
 * @throws AppError `invalid_argument`, `permission_denied` where it was revoked meanwhile, `resource_exhausted` for one that renews all the time.
 */
export async function renewCertificate({
  ctx,
  input,
}: {
  ctx: Context;
  input: RenewCertificateInput;
}): Promise<RenewAnswer> {
  const { agentId, certificateRequest } = parseAsked(RenewCertificateInput, input);
  const retryAfterSeconds = state.renewals.take(agentId);
  if (retryAfterSeconds !== null)
    throw new AppError("resource_exhausted", "The agent renews its certificate too often.", {
      retryAfterSeconds,
    });
  const publicKey = await readCertificateRequest(certificateRequest);
  const { clusterId } = await database().tunnelAgent.findUniqueOrThrow({ where: { id: agentId } });
  const issued = await issueAgentCertificate({ agentId, clusterId, publicKey });
  const answer = await issuedAnswer(issued);
  const { fingerprint, serial, endsAt: certificateEndsAt } = issued;
  return inTransaction(database(), async (tx) => {
    const before = await holdAgent(tx, agentId);
    if (before.revokedAt || before.cluster.removedAt)
      throw new AppError("permission_denied", "The agent was revoked. It has to join anew.");
    const data = { fingerprint, serial, certificateEndsAt };
    const row = await tx.tunnelAgent.update({ where: { id: agentId }, data, include: { cluster: true } });
    await recordEvent(tx, asAgent(ctx, row.name), {
      action: "Update",
      operation: "Rotate",
      ...agentEntity(row),
      before: shownAgent(before),
      after: shownAgent(row),
    });
    return answer;
  });
}
