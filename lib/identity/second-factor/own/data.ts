import type { Passkey } from "../../../../prisma/generated/client.ts";
import { hasRecentFactor } from "../../../access/second-factor.ts";
import { LOCAL_ISSUER } from "../../../config/issuer.ts";
import { config } from "../../../config.ts";
import type { Context } from "../../../context.ts";
import { database } from "../../../db/connection.ts";
import { requireMayChangeFactors, requireOwnSession } from "../own-session.ts";
import { assertionOptions } from "../passkeys/assert.ts";
import { registrationOptions } from "../passkeys/register.ts";
import { whyNoPasskeys } from "../passkeys/relying-party.ts";
import type { BrowserOptions, PasskeyView, SecurityView } from "../schema.ts";

/** With what one proves who one is. */
export async function readOwnSecurity({ ctx }: { ctx: Context }): Promise<SecurityView> {
  const { userId } = requireOwnSession(ctx);
  const person = await database().user.findUniqueOrThrow({
    where: { id: userId },
    include: {
      localPassword: true,
      authenticatorApp: true,
      passkeys: { orderBy: [{ createdAt: "asc" }, { id: "asc" }] },
      recoveryCodes: true,
    },
  });
  const { authenticatorApp: app, recoveryCodes } = person;
  return {
    isLocal: person.issuer === LOCAL_ISSUER,
    email: person.email ?? "",
    passwordChangedAt: person.localPassword?.changedAt.toISOString() ?? null,
    authenticator:
      app?.secret == null
        ? null
        : { createdAt: app.createdAt.toISOString(), lastUsedAt: app.lastUsedAt?.toISOString() ?? null },
    passkeys: person.passkeys.map(viewPasskey),
    recoveryCodes: {
      left: recoveryCodes.filter(({ usedAt }) => usedAt === null).length,
      of: recoveryCodes.length,
    },
    whyNoPasskeys: whyNoPasskeys(),
    requiredFor: config().secondFactor.requiredFor,
    countsUntil: countsUntil(ctx),
  };
}

function countsUntil(ctx: Context): string | null {
  const shownAt = ctx.credential?.secondFactorAt;
  if (!shownAt || !hasRecentFactor(ctx)) return null;
  return new Date(shownAt.getTime() + config().secondFactor.withinMs).toISOString();
}

export function viewPasskey({ id, name, createdAt, lastUsedAt }: Passkey): PasskeyView {
  return { id, name, createdAt: createdAt.toISOString(), lastUsedAt: lastUsedAt?.toISOString() ?? null };
}

/** What the browser needs to make a passkey of one's own. */
export async function ownPasskeyOptions({ ctx }: { ctx: Context }): Promise<BrowserOptions> {
  return { ...(await registrationOptions(await requireMayChangeFactors(ctx))) };
}

/** What the browser needs to show one of one's passkeys as the second factor. */
export async function ownFactorOptions({ ctx }: { ctx: Context }): Promise<BrowserOptions> {
  const { userId, sessionId } = requireOwnSession(ctx);
  return { ...(await assertionOptions({ purpose: "step-up", sessionId }, userId)) };
}
