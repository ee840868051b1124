import { Refusal } from "../answer/refusal.ts";
import type { ForwardableCall } from "../call/call.ts";

/**
 * What kube-apiserver says of an identity that the gateway's account may not take on:
 * `groups.… "x" is forbidden: User "system:serviceaccount:…" cannot impersonate resource "groups" in API group "" at the cluster scope`.
 */
const REFUSED =
  /^(?<kind>users|groups|serviceaccounts|uids|userextras\S*)\S* "(?<name>.*)" is forbidden: User ".*" cannot impersonate resource /s;

/** Such a refusal is short; the pattern's time grows with the square of the message. */
const MAX_LENGTH = 2_048;

const WHAT: Readonly<Record<string, string>> = {
  users: "the user",
  groups: "the group",
  serviceaccounts: "the service account",
};

/**
 * Why a cluster's 403 is not about the caller: it does not let the gateway act as who was to be impersonated. The cluster names the
 * gateway's account, of which the caller knows nothing. Null where the 403 says something else.
 */
export function explainRefusedImpersonation(
  message: string,
  { impersonation, permit }: Pick<ForwardableCall, "impersonation" | "permit">,
): Refusal | null {
  const { kind = "", name = "" } = REFUSED.exec(message.slice(0, MAX_LENGTH))?.groups ?? {};
  if (kind === "") return null;
  const asked = impersonation !== null && (kind !== "groups" || impersonation.groups.includes(name));
  const from = asked
    ? "It was asked for with --as or --as-group"
    : kind === "groups"
      ? `The role "${permit.role}" acts in it`
      : "It is who calls";
  return new Refusal(
    "Forbidden",
    `The cluster does not let the gateway act as ${WHAT[kind] ?? kind} "${name}". ${from}; an administrator of the cluster allows it as deploy/cluster-rbac.yaml does. The cluster said: ${message}`,
  );
}
