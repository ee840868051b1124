import type { Impersonation } from "../../access/policy/decision.ts";
import { formatGroups, MAX_TERM_BYTES } from "../../audit/store/dictionary.ts";
import { Refusal } from "../answer/refusal.ts";
import { decodeFieldValue } from "./raw-headers.ts";

/** What is not on the record whole is not asked for: a group that is left out could be the one that allowed the call. */
const MAX_GROUPS = 64;
const MAX_USER_BYTES = 512;

const PREFIX = "impersonate-";
/** What would reach the cluster as another name than was asked for, or not at all. U+FFFD: the bytes were not UTF-8. */
const UNSPEAKABLE = /[\p{Cc}\uFFFD]/u;

/** What was asked for, also where it is refused: it belongs in the record. */
export interface RequestedImpersonation {
  impersonation: Impersonation | null;
  refusal: Refusal | null;
}

const NONE: RequestedImpersonation = { impersonation: null, refusal: null };

/**
 * Reads what a client asks for with `--as` and `--as-group`, strictly: exactly one user, groups only with a user, nothing
 * else. Reads the raw lines, because Node joins repeated ones with ", " and two users would look like one.
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
 */
export function readRequestedImpersonation(rawHeaders: readonly string[]): RequestedImpersonation {
  const users: string[] = [];
  const groups: string[] = [];
  let unknown: string | null = null;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const rawName = rawHeaders[i]!;
    if (!mayImpersonate(rawName)) continue;
    const name = rawName.toLowerCase().replaceAll("_", "-");
    if (!name.startsWith(PREFIX)) continue;
    const value = decodeFieldValue(rawHeaders[i + 1]!);
    if (name !== rawName.toLowerCase()) unknown ??= rawName;
    else if (name === "impersonate-user") users.push(value);
    else if (name === "impersonate-group") groups.push(value);
    else unknown ??= rawName;
  }
  if (users.length === 0 && groups.length === 0 && unknown === null) return NONE;
  const impersonation = { user: users[0] ?? "", groups };
  return { impersonation, refusal: refuseMalformed(users, groups, unknown) };
}

function refuseMalformed(users: string[], groups: string[], unknown: string | null): Refusal | null {
  if (unknown !== null) {
    const option =
      unknown.toLowerCase() === "impersonate-uid"
        ? "--as-uid (the header Impersonate-Uid)"
        : `the header ${unknown}`;
    return forbidden(`${option} is not taken; use --as and --as-group only`);
  }
  if (users.length > 1) return forbidden("more than one user was asked for; give --as once");
  if (users.length === 0) return forbidden("groups were asked for without a user; give --as too");
  if (groups.length > MAX_GROUPS)
    return forbidden(
      `${groups.length} groups were asked for; the record keeps at most ${MAX_GROUPS}, ask for fewer`,
    );
  if (
    Buffer.byteLength(formatGroups(groups) ?? "") > MAX_TERM_BYTES ||
    Buffer.byteLength(users[0]!) > MAX_USER_BYTES
  ) {
    return forbidden(
      `the names are too long to be kept whole: at most ${MAX_USER_BYTES} bytes of a user and ${MAX_TERM_BYTES} of all groups together`,
    );
  }
  if (users[0] === "" || groups.includes("")) return forbidden("an empty name was asked for");
  if ([...users, ...groups].some((name) => UNSPEAKABLE.test(name)))
    return forbidden("a name has a control character or is not UTF-8");
  return null;
}

function forbidden(why: string): Refusal {
  return new Refusal("MalformedImpersonation", `impersonation is forbidden: ${why}`);
}

function mayImpersonate(name: string): boolean {
  const first = name.charCodeAt(0) | 0x20;
  return first === 0x69 && name.length > PREFIX.length - 1;
}
