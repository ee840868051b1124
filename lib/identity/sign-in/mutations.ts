import { recordEvent } from "../../audit/events/record.ts";
import { issuersInEffect } from "../../config/issuer.ts";
import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import { inTransaction, type Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { announceIdentityChange } from "../../revocation/revocation.ts";
import { applyGroups, findPerson, personEntity, writeEnabled } from "../people/changes.ts";
import { actingAs, type PersonRow, viewPerson, WITH_GROUPS } from "../people/data.ts";
import { nameKnownGroups } from "../people/group-names.ts";
import type { IdentityProvider, ProviderIdentity } from "../providers/provider/identity-provider.ts";
import { findLinked } from "./linked-person.ts";
import { sealRefreshToken } from "./refresh-token.ts";
import { SignInRefused } from "./refused.ts";

export interface AdmitInput {
  provider: Pick<
    IdentityProvider,
    "id" | "formerIssuer" | "nameSetting" | "allowedDomains" | "linkVerifiedEmail"
  > &
    Partial<Pick<IdentityProvider, "groupNames">>;
  identity: ProviderIdentity;
  /** The provider's, to ask later whether the person may still sign in; null where it gave none. */
  refreshToken: string | null;
}

/**
 * Takes in a person whom the identity provider vouches for: makes them known at the first sign-in, afterwards follows their name,
 * address and groups. Whom it vouches for as somebody of another provider (linked-person.ts) stays as that one has them. The session is another
 * step (createSession).
 * @throws SignInRefused for a disabled person, and where the address belongs to somebody else.
 */
export async function admitPerson({
  ctx,
  input,
}: {
  ctx: Context;
  input: AdmitInput;
}): Promise<{ id: string }> {
  requireAllowedDomain(input);
  return inTransaction(database(), async (tx) => {
    const linked = await findLinked(tx, ctx, input);
    if (linked !== null) return linked;
    const known = await findKnown(tx, ctx, input);
    const person = known ?? (await create(tx, ctx, input));
    const own = actingAs(ctx, person);
    const enabled = known ? await enableAgain(tx, own, known) : person;
    const named = await followName(tx, own, enabled, input.identity);
    await keepAccount(tx, person.id, input);
    const { groups } = input.identity;
    await applyGroups(tx, own, { person: named, groups: groups.names });
    await nameKnownGroups(tx, {
      issuer: input.identity.issuer,
      groupNames: namesAmong(groups.names, input.provider.groupNames),
    });
    await recordLeftOut(tx, own, { person: named, leftOut: groups.leftOut });
    const now = new Date();
    const emailVerified = input.identity.emailVerified ? now : null;
    await tx.user.update({ where: { id: person.id }, data: { confirmedAt: now, emailVerified } });
    return { id: person.id };
  });
}

/** Of many names those of these groups. */
const namesAmong = (groups: readonly string[], named: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(
    groups.flatMap((group) => (Object.hasOwn(named, group) ? [[group, named[group] ?? group]] : [])),
  );

function requireAllowedDomain({ provider, identity: { email } }: AdmitInput): void {
  const domain = email.slice(email.lastIndexOf("@") + 1);
  if (provider.allowedDomains.length === 0 || provider.allowedDomains.includes(domain)) return;
  throw new SignInRefused(
    "DomainNotAllowed",
    `the domain of ${email} is none of those that ${provider.nameSetting("allowedDomains")} names`,
  );
}

/** Who this is by issuer and subject; somebody else's of the same address only where it may be (takeOver). */
async function findKnown(tx: Transaction, ctx: Context, input: AdmitInput): Promise<PersonRow | null> {
  const { issuer, subject, email } = input.identity;
  const account = await tx.account.findUnique({
    where: { issuer_providerAccountId: { issuer, providerAccountId: subject } },
    include: { user: { include: WITH_GROUPS } },
  });
  const sameAddress = await tx.user.findUnique({
    where: { issuer_email: { issuer, email } },
    include: { accounts: { select: { id: true } } },
  });
  if (sameAddress && sameAddress.id !== account?.user.id) {
    // Whom an administrator made known before they signed in: this is how they come to be known by the subject.
    if (!account && sameAddress.accounts.length === 0) return findPerson(tx, sameAddress.id);
    throw new SignInRefused("EmailTaken", `the address ${email} belongs to another person`);
  }
  return account?.user ?? (await findProvisioned(tx, input)) ?? takeOver(tx, ctx, input);
}

/** Whom SCIM made known under the subject, or under the address as a user name, and who never signed in. */
async function findProvisioned(tx: Transaction, { identity }: AdmitInput): Promise<PersonRow | null> {
  const { issuer, subject, email } = identity;
  const provisioned = {
    issuer,
    scimProvisionedAt: { not: null },
    scimDeletedAt: null,
    accounts: { none: {} },
  };
  const bySubject = await tx.user.findFirst({
    where: { ...provisioned, scimExternalId: subject },
    include: WITH_GROUPS,
  });
  if (bySubject) return bySubject;
  return tx.user.findFirst({
    where: { ...provisioned, scimUserName: { equals: email, mode: "insensitive" } },
    include: WITH_GROUPS,
  });
}

/**
 * The person of this address who belongs to an identity provider that is not configured any more. Whoever could take over an address could
 * take over the person, their roles and their record: that is for those of the provider that an administrator says is replaced by this
 * one. People of other providers that are configured are other people, whatever their address.
 */
async function takeOver(
  tx: Transaction,
  ctx: Context,
  { provider, identity }: AdmitInput,
): Promise<PersonRow | null> {
  const { issuer, subject, email } = identity;
  const former = await tx.user.findMany({
    where: { email, issuer: { notIn: issuersInEffect(config()) } },
    include: WITH_GROUPS,
  });
  if (former.length === 0) return null;
  const person = former.find((each) => each.issuer === provider.formerIssuer);
  if (!person) {
    const setting = provider.nameSetting("formerIssuer");
    throw new SignInRefused(
      "ProviderChanged",
      `the address ${email} belongs to a person of the identity provider ${former[0]?.issuer}: set ${setting} to it where ${issuer} vouches for its people`,
    );
  }
  await tx.account.deleteMany({ where: { userId: person.id } });
  const moved = await tx.user.update({ where: { id: person.id }, data: { issuer }, include: WITH_GROUPS });
  await recordEvent(tx, actingAs(ctx, person), {
    action: "Update",
    ...personEntity(person),
    before: { issuer: person.issuer },
    after: { issuer, subject },
  });
  return moved;
}

async function create(tx: Transaction, ctx: Context, { identity }: AdmitInput): Promise<PersonRow> {
  const { issuer, email, name } = identity;
  const data = { issuer, email, name };
  const person = await tx.user.create({ data, include: WITH_GROUPS });
  await recordEvent(tx, actingAs(ctx, person), {
    action: "Create",
    ...personEntity(person),
    after: viewPerson(person),
  });
  return person;
}

async function enableAgain(tx: Transaction, ctx: Context, person: PersonRow): Promise<PersonRow> {
  if (person.disabledBy === "administrator") {
    throw new SignInRefused("Disabled", "an administrator disabled this person");
  }
  if (person.disabledBy === "scim") {
    throw new SignInRefused("Deactivated", "the identity provider deactivated this person (SCIM)");
  }
  if (person.enabled) return person;
  return writeEnabled(tx, ctx, { before: person, disabledBy: null, reason: "signed in again" });
}

async function followName(
  tx: Transaction,
  ctx: Context,
  person: PersonRow,
  { name, email, issuer }: ProviderIdentity,
): Promise<PersonRow> {
  if (person.name === name && person.email === email && person.issuer === issuer) return person;
  const after = await tx.user.update({
    where: { id: person.id },
    // Who was taken in by a version that kept no issuer with people gets it here.
    data: { name, email, issuer },
    include: WITH_GROUPS,
  });
  await announceIdentityChange(tx, { kind: "user", id: person.id });
  const views = { before: viewPerson(person), after: viewPerson(after) };
  await recordEvent(tx, ctx, { action: "Update", ...personEntity(after), ...views });
  return after;
}

async function keepAccount(tx: Transaction, userId: string, input: AdmitInput): Promise<void> {
  const { provider, refreshToken } = input;
  const { issuer, subject: providerAccountId } = input.identity;
  const sealed = refreshToken === null ? null : sealRefreshToken(userId, refreshToken);
  await tx.account.upsert({
    where: { issuer_providerAccountId: { issuer, providerAccountId } },
    create: { userId, type: "oauth", provider: provider.id, issuer, providerAccountId, refreshToken: sealed },
    update: { refreshToken: sealed },
  });
}

/** What of the groups could not be taken over is on the record: somebody may miss access for it. */
async function recordLeftOut(
  tx: Transaction,
  ctx: Context,
  { person, leftOut }: { person: PersonRow; leftOut: string | null },
): Promise<void> {
  if (leftOut === null) return;
  await recordEvent(tx, ctx, {
    action: "Update",
    ...personEntity(person),
    status: "Failed",
    error: leftOut,
  });
}
