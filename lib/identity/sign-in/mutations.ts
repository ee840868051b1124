import { recordEvent } from "../../audit/events/record.ts";
import type { Context } from "../../context.ts";
import { inTransaction, type Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { applyGroups, personEntity, writeEnabled } from "../people/changes.ts";
import { actingAs, type PersonRow, viewPerson, WITH_GROUPS } from "../people/data.ts";
import { announceIdentityChange } from "../revocation.ts";
import type { ProviderIdentity } from "./claims.ts";
import { sealRefreshToken } from "./refresh-token.ts";
import { SignInRefused } from "./refused.ts";

export interface AdmitInput {
  provider: string;
  identity: ProviderIdentity;
  /** The provider's, to ask later whether the person may still sign in; null where it gave none. */
  refreshToken: string | null;
}

/**
 * Takes in a person whom the identity provider vouches for: makes them known at the first sign-in, afterwards follows their name,
 * address and groups. The session is another step (createSession).
 * @throws SignInRefused for a disabled person, and where the address belongs to another of the provider's people.
 */
export async function admitPerson({
  ctx,
  input,
}: {
  ctx: Context;
  input: AdmitInput;
}): Promise<{ id: string }> {
  return inTransaction(database(), async (tx) => {
    const known = await findKnown(tx, input);
    const person = known ?? (await create(tx, ctx, input));
    const own = actingAs(ctx, person);
    const enabled = known ? await enableAgain(tx, own, known) : person;
    const named = await followName(tx, own, enabled, input.identity);
    await keepAccount(tx, person.id, input);
    await applyGroups(tx, own, { person: named, groups: input.identity.groups });
    await tx.user.update({ where: { id: person.id }, data: { confirmedAt: new Date() } });
    return { id: person.id };
  });
}

async function findKnown(tx: Transaction, { provider, identity }: AdmitInput): Promise<PersonRow | null> {
  const account = await tx.account.findUnique({
    where: { provider_providerAccountId: { provider, providerAccountId: identity.subject } },
    include: { user: { include: WITH_GROUPS } },
  });
  const sameAddress = await tx.user.findUnique({
    where: { email: identity.email },
    include: { ...WITH_GROUPS, accounts: true },
  });
  if (!account && sameAddress && sameAddress.accounts.length === 0) return sameAddress;
  // Whoever could take over an address could take over the person, their roles and their record.
  if (sameAddress && sameAddress.id !== account?.user.id) {
    throw new SignInRefused("EmailTaken", `the address ${identity.email} belongs to another person`);
  }
  return account?.user ?? null;
}

async function create(tx: Transaction, ctx: Context, { identity }: AdmitInput): Promise<PersonRow> {
  const data = { email: identity.email, name: identity.name, emailVerified: new Date() };
  const person = await tx.user.create({ data, include: WITH_GROUPS });
  await recordEvent(tx, actingAs(ctx, person), {
    ...{ action: "Create", ...personEntity(person), after: viewPerson(person) },
  });
  return person;
}

async function enableAgain(tx: Transaction, ctx: Context, person: PersonRow): Promise<PersonRow> {
  if (person.disabledBy === "administrator") {
    throw new SignInRefused("Disabled", "an administrator disabled this person");
  }
  if (person.enabled) return person;
  return writeEnabled(tx, ctx, { before: person, disabledBy: null, reason: "signed in again" });
}

async function followName(
  tx: Transaction,
  ctx: Context,
  person: PersonRow,
  { name, email }: ProviderIdentity,
): Promise<PersonRow> {
  if (person.name === name && person.email === email) return person;
  const after = await tx.user.update({
    where: { id: person.id },
    data: { name, email },
    include: WITH_GROUPS,
  });
  await announceIdentityChange(tx, { kind: "user", id: person.id });
  const views = { before: viewPerson(person), after: viewPerson(after) };
  await recordEvent(tx, ctx, { action: "Update", ...personEntity(after), ...views });
  return after;
}

async function keepAccount(tx: Transaction, userId: string, input: AdmitInput): Promise<void> {
  const { provider, identity, refreshToken } = input;
  const sealed = refreshToken === null ? null : sealRefreshToken(userId, refreshToken);
  await tx.account.upsert({
    where: { provider_providerAccountId: { provider, providerAccountId: identity.subject } },
    create: { userId, type: "oauth", provider, providerAccountId: identity.subject, refreshToken: sealed },
    update: { refreshToken: sealed },
  });
}
