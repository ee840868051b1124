import type { User } from "../../../prisma/generated/client.ts";
import { recordEvent } from "../../audit/events/record.ts";
import { issuersInEffect, LOCAL_ISSUER } from "../../config/issuer.ts";
import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";
import { personEntity } from "../people/changes.ts";
import { actingAs, type PersonRow, WITH_GROUPS } from "../people/data.ts";
import type { IdentityProvider, ProviderIdentity } from "../providers/provider/identity-provider.ts";
import { SignInRefused } from "./refused.ts";

interface LinkInput {
  provider: Pick<IdentityProvider, "id" | "nameSetting" | "linkVerifiedEmail">;
  identity: ProviderIdentity;
}

/**
 * The person of another provider whom this one vouches for, too: only where an administrator said so of this one, and both say that the
 * address is verified. They stay the other's: name, address, groups and role are what that one says. The first time is an event.
 * @returns null for somebody who is this provider's own.
 * @throws SignInRefused where the link does not count any more, and where it would be to several people.
 */
export async function findLinked(
  tx: Transaction,
  ctx: Context,
  { provider, identity }: LinkInput,
): Promise<{ id: string } | null> {
  const { issuer, subject: providerAccountId } = identity;
  const account = await tx.account.findUnique({
    where: { issuer_providerAccountId: { issuer, providerAccountId } },
    include: { user: true },
  });
  if (account !== null) {
    const { user } = account;
    if (user.issuer === null || user.issuer === issuer) return null;
    requireLink(user, { provider, identity });
    return { id: user.id };
  }
  const person = await findSame(tx, { provider, identity });
  if (person === null) return null;
  requireLink(person, { provider, identity });
  const data = { userId: person.id, type: provider.id, provider: provider.id, issuer, providerAccountId };
  await tx.account.create({ data });
  await recordEvent(tx, actingAs(ctx, person), {
    action: "Update",
    ...personEntity(person),
    before: { linkedTo: null },
    after: { linkedTo: { provider: provider.id, issuer, subject: providerAccountId }, email: identity.email },
  });
  return { id: person.id };
}

/** The one person of another provider whose address, verified there, is this one; somebody known here already is nobody else. */
async function findSame(tx: Transaction, { provider, identity }: LinkInput): Promise<PersonRow | null> {
  const { issuer, email, emailVerified } = identity;
  if (!provider.linkVerifiedEmail || !emailVerified) return null;
  const own = await tx.user.findUnique({ where: { issuer_email: { issuer, email } } });
  if (own !== null) return null;
  const others = issuersInEffect(config()).filter((each) => each !== issuer && each !== LOCAL_ISSUER);
  const [person, another] = await tx.user.findMany({
    where: { email, issuer: { in: others }, emailVerified: { not: null } },
    include: WITH_GROUPS,
    take: 2,
  });
  if (another) {
    throw new SignInRefused("NotLinked", `people of several identity providers have the address ${email}`);
  }
  return person ?? null;
}

function requireLink(person: User, { provider, identity }: LinkInput): void {
  const refuse = (why: string) => {
    throw new SignInRefused(
      "NotLinked",
      `${identity.email} is linked to a person of ${person.issuer}: ${why}`,
    );
  };
  if (!provider.linkVerifiedEmail)
    refuse(`${provider.nameSetting("linkVerifiedEmail")} does not allow that (any more)`);
  if (!identity.emailVerified) refuse("this provider does not say that the address is verified");
  if (identity.email !== person.email) refuse(`that one's address is ${person.email}`);
  if (!issuersInEffect(config()).includes(person.issuer ?? ""))
    refuse("that provider is not configured any more");
  if (!person.enabled) throw new SignInRefused("Disabled", "this person is disabled");
}
