/** Who a request acts as. */
export type UserInfo = {
  name: string;
  uid?: string | undefined;
  groups: string[];
  extra: Record<string, string[]>;
};

export const anonymous = "system:anonymous";
export const allAuthenticated = "system:authenticated";
export const allUnauthenticated = "system:unauthenticated";

/** `system:serviceaccount:<namespace>:<name>` taken apart. */
export function parseServiceAccount(user: string): { namespace: string; name: string } | undefined {
  const match = /^system:serviceaccount:([a-z0-9-]+):([a-z0-9.-]+)$/.exec(user);
  return match === null ? undefined : { namespace: match[1] ?? "", name: match[2] ?? "" };
}

export function serviceAccountGroups(namespace: string): string[] {
  return ["system:serviceaccounts", `system:serviceaccounts:${namespace}`];
}
