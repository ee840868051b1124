import { recordEvent } from "../../audit/events/record.ts";
import { firstIssuer, issuerOfProvider, issuersInEffect } from "../../config/issuer.ts";
import { storedProviders } from "../../config/stored-providers.ts";
import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";
import { AppError } from "../../errors.ts";
import type { SubjectKind } from "../policy/schema.ts";
import { byIdOrName, isId } from "../scopes/named.ts";

export interface Reference {
  id: string;
  name: string;
}

export async function findRole(tx: Transaction, text: string): Promise<Reference> {
  return (
    (await tx.role.findFirst({ where: byIdOrName(text) })) ?? unknown("role", text, "a role's name or id")
  );
}

export async function findCluster(tx: Transaction, text: string): Promise<Reference & { endpoint: string }> {
  const where = { ...byIdOrName(text), removedAt: null };
  return (
    (await tx.cluster.findFirst({ where })) ?? unknown("cluster", text, "a registered cluster's name or id")
  );
}

export interface SubjectText {
  kind: SubjectKind;
  text: string;
  /** The id of the identity provider whose person or group it is; null: of any. */
  provider: string | null;
}

/** A group that nobody has brought yet is made known: access is often given before the first sign-in. */
export async function findSubject(tx: Transaction, ctx: Context, subject: SubjectText): Promise<Reference> {
  const { kind, text, provider } = subject;
  if (kind === "application") {
    const application = await tx.application.findFirst({ where: byIdOrName(text) });
    return application ?? unknown("subject", text, "an application's name or id");
  }
  const issuers = provider === null ? issuersInEffect(config()) : [requireIssuer(provider)];
  if (kind === "group") {
    const [issuer = firstIssuer(config())] = issuers;
    return (await findGroup(tx, text, issuers)) ?? createGroup(tx, ctx, { name: text, issuer });
  }
  return findPerson(tx, text, { issuers, isNamed: provider !== null });
}

function requireIssuer(id: string): string {
  const ids = [...config().providers, ...storedProviders()].map((each) => each.id);
  const takes = `the id of an identity provider: ${ids.join(", ")}`;
  return issuerOfProvider(id, config()) ?? unknown("subjectProvider", id, takes);
}

/** Two providers may vouch for one address each, and these are two people. */
async function findPerson(
  tx: Transaction,
  text: string,
  { issuers, isNamed }: { issuers: string[]; isNamed: boolean },
): Promise<Reference> {
  const issuer = { in: issuers };
  const byId = isNamed ? { id: text, issuer } : { id: text };
  const where = isId(text) ? byId : { email: text.toLowerCase(), issuer };
  const [person, ...others] = await tx.user.findMany({ where, take: 2 });
  if (!person) return unknown("subject", text, "the e-mail address or id of a person who has signed in");
  if (others.length > 0) {
    return unknown(
      "subject",
      text,
      "a person's id, or subjectProvider: people of several identity providers have this address",
    );
  }
  return { id: person.id, name: person.email ?? person.id };
}

/** Some identity providers name groups by ids of their own (Entra ID): what looks like an id may be a name. */
async function findGroup(tx: Transaction, text: string, issuers: string[]): Promise<Reference | null> {
  const issuer = { in: issuers };
  const named = await tx.group.findMany({ where: { name: text, issuer }, take: 2 });
  const known = isId(text) ? await tx.group.findUnique({ where: { id: text, issuer } }) : null;
  if (named.length > 1) {
    return unknown(
      "subject",
      text,
      "a group's id, or subjectProvider: several identity providers have a group of this name",
    );
  }
  if (named.length > 0 && known)
    return unknown("subject", text, "a group's name: this is one group's id and another's name");
  return known ?? named[0] ?? null;
}

async function createGroup(
  tx: Transaction,
  ctx: Context,
  { name, issuer }: { name: string; issuer: string },
): Promise<Reference> {
  const group = await tx.group.create({ data: { name, issuer, source: "local" } });
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
