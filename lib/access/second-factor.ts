import type { SecondFactorUse } from "../config/second-factor-settings.ts";
import { config } from "../config.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import type { Permission } from "./permission.ts";

/** What a permission is used for, of what `secondFactor.required_for` may name. Whoever could switch the demand off has to meet it. */
const USES: Partial<Record<Permission, SecondFactorUse>> = {
  "recordings:play": "recordings",
  "audit:export": "exports",
  "access:write": "access",
  "projects:write": "access",
  "people:write": "access",
  "applications:write": "access",
  "clusters:write": "access",
  "agents:write": "access",
  "streams:write": "access",
  "settings:write": "access",
};

const WORDS: Record<SecondFactorUse, string> = {
  recordings: "playing recordings",
  exports: "exporting",
  access: "changing who may do what",
};

/**
 * Demands a second factor of a person where `secondFactor.required_for` names what the permission is used for.
 * @throws AppError `second_factor_required`
 */
export function requireFactorFor(ctx: Context, permission: Permission): void {
  const use = USES[permission];
  if (use !== undefined && config().secondFactor.requiredFor.includes(use)) {
    requireRecentFactor(ctx, WORDS[use]);
  }
}

/**
 * Demands of a person that a second factor was shown within `secondFactor.within`. Applications and the system have none, and are let be.
 * @throws AppError `second_factor_required`
 */
export function requireRecentFactor(ctx: Context, what: string): void {
  if (ctx.actor.kind !== "user" || hasRecentFactor(ctx)) return;
  const minutes = Math.ceil(config().secondFactor.withinMs / 60_000);
  const how =
    ctx.credential?.kind === "token"
      ? "Show it in the console, then make another token there"
      : "Show it, then try again";
  throw new AppError(
    "second_factor_required",
    `Before ${what}, a second factor is to be shown, and counts for ${minutes} minutes. ${how}: POST /api/v1/me/second-factor; page My security.`,
  );
}

/** Whether one was shown within `secondFactor.within`. A clock that was set back makes none newer. */
export function hasRecentFactor({ credential }: Context): boolean {
  const shownAt = credential?.secondFactorAt?.getTime();
  if (shownAt === undefined) return false;
  const age = Date.now() - shownAt;
  return Math.abs(age) < config().secondFactor.withinMs;
}
