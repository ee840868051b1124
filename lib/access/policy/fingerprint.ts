import type { Permit } from "./decision.ts";

/** What of a decision must not change while its call runs: which grant of which role, and as whom in the cluster. */
export type Fingerprint = Pick<Permit, "roleId" | "grantId" | "impersonate">;

/** Whether a call that began by one decision would be made as the same by the other. Until when they stand may differ. */
export function isSameDecision(then: Fingerprint, now: Fingerprint): boolean {
  if (now.grantId !== then.grantId || now.roleId !== then.roleId) return false;
  const { user, groups, extra } = now.impersonate;
  const keys = Object.keys(extra);
  return (
    user === then.impersonate.user &&
    isSameSet(groups, then.impersonate.groups) &&
    isSameSet(keys, Object.keys(then.impersonate.extra)) &&
    keys.every((key) => isSameSet(extra[key] ?? [], then.impersonate.extra[key] ?? []))
  );
}

function isSameSet(some: readonly string[], others: readonly string[]): boolean {
  return some.every((text) => others.includes(text)) && others.every((text) => some.includes(text));
}
