import { z } from "zod";

/** What each permission is called as a scope, and what a key with it may do. */
const OF_PERMISSIONS = {
  "audit:read": {
    scope: "audit:read",
    about: "Read the record: everyone's where its owner may, else its owner's own",
  },
  "audit:export": { scope: "audit:export", about: "Export what it may read" },
  "recordings:play": { scope: "recordings:read", about: "Play, search and download recordings of sessions" },
  "recordings:end": { scope: "recordings:end", about: "End running sessions" },
  "views:write": { scope: "views:write", about: "Keep views of the record" },
  "views:share": { scope: "views:share", about: "Share views with everybody" },
  "clusters:read": { scope: "clusters:read", about: "Read how clusters are registered" },
  "clusters:write": { scope: "clusters:write", about: "Register, change and remove clusters" },
  "access:read": { scope: "access:read", about: "Read roles and grants" },
  "access:write": { scope: "access:write", about: "Change roles and grants" },
  "people:read": { scope: "people:read", about: "Read people, groups and sessions" },
  "people:write": { scope: "people:write", about: "Change people, end their sessions and tokens" },
  "applications:read": { scope: "applications:read", about: "Read applications" },
  "applications:write": {
    scope: "applications:write",
    about: "Make and change applications and their secrets",
  },
  "settings:read": { scope: "settings:read", about: "Read settings" },
  "settings:write": { scope: "settings:write", about: "Change settings" },
  "projects:read": { scope: "projects:read", about: "Read projects, departments and node pools" },
  "projects:write": { scope: "projects:write", about: "Change projects, departments and node pools" },
  "agents:read": { scope: "agents:read", about: "Read agents and when they were connected" },
  "agents:write": { scope: "agents:write", about: "Let agents join, and revoke them" },
  "streams:read": { scope: "streams:read", about: "Read where the record is sent on to" },
  "streams:write": { scope: "streams:write", about: "Change where the record is sent on to" },
  "alerts:read": { scope: "alerts:read", about: "Read alerts" },
  "alerts:write": { scope: "alerts:write", about: "Change alerts" },
  "requests:read": { scope: "requests:read", about: "Read everyone's requests for access" },
  "requests:own": { scope: "requests:own", about: "Ask for access, and answer requests as its owner may" },
  "tokens:own": {
    scope: "tokens:own",
    about: "Make and revoke tokens of its owner, with no more than its own scopes",
  },
} as const;

/** Calls to clusters. What a call may do there, roles and grants say. */
export const KUBERNETES = "kubernetes";

type Named = keyof typeof OF_PERMISSIONS;
export type Scope = (typeof OF_PERMISSIONS)[Named]["scope"] | typeof KUBERNETES;

/** Every scope, and what a key with it may do. */
export const SCOPES: readonly { scope: Scope; about: string }[] = [
  { scope: KUBERNETES, about: "Call clusters, as far as its owner's grants reach" },
  ...Object.values(OF_PERMISSIONS),
];

const NAMES: ReadonlySet<string> = new Set(SCOPES.map(({ scope }) => scope));
export const isScope = (text: string): text is Scope => NAMES.has(text);

/** The scope that a key needs for what the permission permits. Every permission has one: lib/access/permission.ts asks for each. */
export const scopeOf = (permission: Named): Scope => OF_PERMISSIONS[permission].scope;

const TAKES = `takes ${SCOPES.map(({ scope }) => scope).join(", ")}`;

/** A list of scopes; null: all that the owner may. Each once, in the order of {@link SCOPES}. */
export const ScopeList = z
  .array(z.string(TAKES).refine(isScope, TAKES))
  .min(1, "takes at least one scope, or null for all that the owner may")
  .max(200, "takes each scope once")
  .transform((given) => SCOPES.map(({ scope }) => scope).filter((scope) => given.includes(scope)))
  .nullable();
