import { StatusError } from "../http/status-error.ts";
import { type Attributes, refusal } from "./attributes.ts";
import type { RbacAuthorizer } from "./rbac-authorizer.ts";
import {
  allAuthenticated,
  allUnauthenticated,
  anonymous,
  parseServiceAccount,
  serviceAccountGroups,
  type UserInfo,
} from "./user.ts";

type Requested = { user: string; uid: string; groups: string[]; extra: [key: string, values: string[]][] };

/** Go reads the first of repeated single headers; so does this. `rawHeaders` is Node's list of names and values. */
function readHeaders(rawHeaders: string[]): Requested {
  const requested: Requested = { user: "", uid: "", groups: [], extra: [] };
  const extra = new Map<string, string[]>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? "").toLowerCase();
    const value = rawHeaders[index + 1] ?? "";
    if (name === "impersonate-user") requested.user ||= value;
    else if (name === "impersonate-uid") requested.uid ||= value;
    else if (name === "impersonate-group") requested.groups.push(value);
    else if (name.startsWith("impersonate-extra-")) {
      const key = unescapeKey(name.slice("impersonate-extra-".length));
      extra.set(key, [...(extra.get(key) ?? []), value]);
    }
  }
  requested.extra = [...extra];
  return requested;
}

function unescapeKey(key: string): string {
  try {
    return decodeURIComponent(key).toLowerCase();
  } catch {
    return key;
  }
}

function attributes(
  group: string,
  resource: string,
  name: string,
  more: Partial<Attributes> = {},
): Attributes {
  return {
    verb: "impersonate",
    isResourceRequest: true,
    group,
    version: "v1",
    resource,
    subresource: "",
    namespace: "",
    name,
    path: "",
    ...more,
  };
}

const authentication = "authentication.k8s.io";

/** Each thing asked for is a permission of its own: user or service account, groups, extras, uid. */
function neededPermissions({ user, uid, groups, extra }: Requested): Attributes[] {
  const account = parseServiceAccount(user);
  return [
    account === undefined
      ? attributes("", "users", user)
      : attributes("", "serviceaccounts", account.name, { namespace: account.namespace }),
    ...groups.map((group) => attributes("", "groups", group)),
    ...extra.flatMap(([key, values]) =>
      values.map((value) => attributes(authentication, "userextras", value, { subresource: key })),
    ),
    ...(uid === "" ? [] : [attributes(authentication, "uids", uid)]),
  ];
}

function resultingGroups({ user, groups }: Requested): string[] {
  const account = parseServiceAccount(user);
  const result =
    groups.length === 0 && account !== undefined ? serviceAccountGroups(account.namespace) : groups;
  const general = user === anonymous ? allUnauthenticated : allAuthenticated;
  const stated = result.includes(allAuthenticated) || result.includes(allUnauthenticated);
  return stated ? result : [...result, general];
}

/**
 * Honours `Impersonate-*` headers as k8s.io/apiserver's impersonation filter does: 403 without the RBAC verb
 * `impersonate` on each part, 500 for groups, extras or a uid without a user.
 */
export function impersonate(
  authorizer: RbacAuthorizer,
  user: UserInfo,
  rawHeaders: string[],
  uri: string,
): UserInfo {
  const requested = readHeaders(rawHeaders);
  const others = requested.groups.length > 0 || requested.extra.length > 0 || requested.uid !== "";
  if (requested.user === "") {
    if (!others) return user;
    const message = `Internal Server Error: "${uri}": requested impersonation without impersonating a user`;
    throw new StatusError({ code: 500, reason: "", message });
  }
  for (const needed of neededPermissions(requested)) {
    if (!authorizer.authorize(user, needed).allowed) throw refusal(user.name, needed);
  }
  return {
    name: requested.user,
    uid: requested.uid === "" ? undefined : requested.uid,
    groups: resultingGroups(requested),
    extra: Object.fromEntries(requested.extra),
  };
}
