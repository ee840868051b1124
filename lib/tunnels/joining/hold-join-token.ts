import type { Cluster, TunnelJoinToken } from "../../../prisma/generated/client.ts";
import type { Context } from "../../context.ts";
import { database } from "../../db/connection.ts";
import { asAgent } from "../agents/agent-entity.ts";
import { parseJoinToken } from "../protocol/join-token.ts";
import { hashSecret, joinTokenEntity } from "./join-token.ts";
import { refuseKnown, refuseStranger } from "./refusals.ts";

const NEXT = "Make another one in the console, under Infrastructure, Agents.";

/**
 * The join token that was shown, where it still counts; using it is the transaction's. Why another does not is told to whoever has it: that one exists cannot be
 * found out by guessing.
 * @throws AppError `unauthenticated`
 */
export async function holdJoinToken(
  ctx: Context,
  text: string,
): Promise<TunnelJoinToken & { cluster: Cluster }> {
  const secret = parseJoinToken(text)?.secret;
  const row =
    secret === undefined
      ? null
      : await database().tunnelJoinToken.findUnique({
          where: { tokenHash: hashSecret(secret) },
          include: { cluster: true },
        });
  if (!row) return refuseStranger(ctx, `The join token is not known. ${NEXT}`);
  const event = { action: "Create", operation: "Join", ...joinTokenEntity(row) } as const;
  const refuse = (why: string) => refuseKnown(asAgent(ctx, "that is not known"), event, `${why} ${NEXT}`);
  if (row.usedAt) return refuse(`The join token was used already, at ${row.usedAt.toISOString()}.`);
  if (row.expiresAt.getTime() <= Date.now())
    return refuse(`The join token ended at ${row.expiresAt.toISOString()}.`);
  if (row.cluster.removedAt) return refuse("The join token's cluster was removed.");
  return row;
}
