import { recordEvent } from "../../audit/events/record.ts";
import { issuerInEffect } from "../../config/issuer.ts";
import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";
import { AppError } from "../../errors.ts";
import type { SubjectKind } from "../policy/schema.ts";

export interface Reference {
  id: string;
  name: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What identifies a row in a request: its id or its name. */
const byIdOr = (nameColumn: "name" | "email", text: string) =>
  UUID.test(text) ? { id: text } : { [nameColumn]: nameColumn === "email" ? text.toLowerCase() : text };

export async function findRole(tx: Transaction, text: string): Promise<Reference> {
  return (
    (await tx.role.findFirst({ where: byIdOr("name", text) })) ?? unknown("role", text, "a role's name or id")
  );
}

export async function findCluster(tx: Transaction, text: string): Promise<Reference & { endpoint: string }> {
  const where = { ...byIdOr("name", text), removedAt: null };
  return (
    (await tx.cluster.findFirst({ where })) ?? unknown("cluster", text, "a registered cluster's name or id")
  );
}

/** A group that nobody has brought yet is made known: access is often given before the first sign-in. */
export async function findSubject(
  tx: Transaction,
  ctx: Context,
  { kind, text }: { kind: SubjectKind; text: string },
): Promise<Reference> {
  if (kind === "group") return (await findGroup(tx, text)) ?? createGroup(tx, ctx, text);
  if (kind === "application") {
    const application = await tx.application.findFirst({ where: byIdOr("name", text) });
    return application ?? unknown("subject", text, "an application's name or id");
  }
  const person = await tx.user.findFirst({ where: byIdOr("email", text) });
  return person
    ? { id: person.id, name: person.email ?? person.id }
    : unknown("subject", text, "the e-mail address or id of a person who has signed in");
}

/** Some identity providers name groups by ids of their own (Entra ID): what looks like an id may be a name. */
async function findGroup(tx: Transaction, text: string): Promise<Reference | null> {
  const issuer = issuerInEffect(config());
  const named = await tx.group.findUnique({ where: { issuer_name: { issuer, name: text } } });
  const known = UUID.test(text) ? await tx.group.findUnique({ where: { id: text, issuer } }) : null;
  if (named && known)
    return unknown("subject", text, "a group's name: this is one group's id and another's name");
  return known ?? named;
}

async function createGroup(tx: Transaction, ctx: Context, name: string): Promise<Reference> {
  const group = await tx.group.create({ data: { name, issuer: issuerInEffect(config()), source: "local" } });
  await recordEvent(tx, ctx, {
    action: "Create",
    entityType: "Group",
    entityId: group.id,
    entityName: name,
    after: { id: group.id, name, source: "local" },
  });
  return group;
}

function unknown(field: string, got: string, takes: string): never {
  throw new AppError("invalid_argument", `${field}: got ${JSON.stringify(got)}; takes ${takes}`, {
    details: [{ field, got, takes }],
  });
}
