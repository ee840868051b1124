import type { EventOperation } from "../../audit/columns/event-history/values/schema.ts";
import { recordEvent } from "../../audit/events/record.ts";
import { onPrisma } from "../../audit/store/sql.ts";
import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";
import { queueMessage } from "../../webhooks/queue.ts";
import type { WebhookType } from "../../webhooks/schema.ts";
import { findRequest } from "./find.ts";
import type { AccessRequestView } from "./schema.ts";

type Operation = Extract<EventOperation, "Create" | "Approve" | "Refuse" | "Withdraw" | "End">;

const TYPES: Record<Operation, WebhookType> = {
  Create: "access_request.created",
  Approve: "access_request.approved",
  Refuse: "access_request.refused",
  Withdraw: "access_request.withdrawn",
  End: "access_request.ended",
};

/** Writes the event of a request's change, and what webhooks tell of it. Last in the caller's transaction. */
export async function tellOfRequest(
  tx: Transaction,
  ctx: Context,
  { operation, before }: { operation: Operation; before: AccessRequestView | null },
  id: string,
): Promise<AccessRequestView> {
  const after = await findRequest(onPrisma(tx), id);
  await queueMessage(tx, { type: typeOf(operation, after), data: messageOf(after) });
  const cluster = after.cluster && (await tx.cluster.findUnique({ where: { id: after.cluster.id } }));
  await recordEvent(tx, ctx, {
    action: operation === "Create" ? "Create" : "Update",
    operation,
    entityType: "AccessRequest",
    entityId: id,
    entityName: nameOfRequest(after),
    cluster,
    before,
    after,
  });
  return after;
}

/** The same where its grant was taken back. */
export async function tellOfEnd(tx: Transaction, ctx: Context, id: string): Promise<void> {
  const now = await findRequest(onPrisma(tx), id);
  const grant = now.grant && { ...now.grant, endedAt: null, endedBy: null, endReason: null };
  await tellOfRequest(tx, ctx, { operation: "End", before: { ...now, state: "active", grant } }, id);
}

/** `developer for alice@acme.example` */
const nameOfRequest = ({ role, person }: Pick<AccessRequestView, "role" | "person">) =>
  `${role.name} for ${person.name}`;

function typeOf(operation: Operation, { kind }: AccessRequestView): WebhookType {
  if (kind === "request") return TYPES[operation];
  return operation === "End" ? "break_glass.ended" : "break_glass.started";
}

/** The `data` of a message: the request as the API shows it, and where to answer it. */
const messageOf = (request: AccessRequestView) => ({
  request,
  url: `${config().publicUrl}/access/requests?open=${request.id}`,
});
