import type { AuditScope } from "../audit/query/scope.ts";
import type { ConsoleRole, Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { type Scope, scopeOf } from "./key-scopes/schema.ts";
import { requireFactorFor } from "./second-factor.ts";

/** What one may do in the console and through its API. Access to clusters is another matter: decide.ts. */
export type Permission =
  /** Everyone's calls and events; without it a person sees their own (`auditScope`). */
  | "audit:read"
  /** Export what one's `AuditScope` covers. */
  | "audit:export"
  /** Play, search, download and watch what was shown and typed in sessions, everyone's. */
  | "recordings:play"
  /** End a running session. */
  | "recordings:end"
  | "views:write"
  | "views:share"
  | "clusters:read"
  | "clusters:write"
  /** Roles and grants. */
  | "access:read"
  | "access:write"
  /** People and groups. */
  | "people:read"
  | "people:write"
  | "applications:read"
  | "applications:write"
  | "settings:read"
  /** Settings that may be changed while it runs, and providers. */
  | "settings:write"
  /** Projects, departments and node pools. */
  | "projects:read"
  | "projects:write"
  /** Agents of clusters that nothing can dial: who they are, when they were connected. */
  | "agents:read"
  /** Let agents join, and revoke them. */
  | "agents:write"
  /** Where the record is sent on to, and how that does. */
  | "streams:read"
  | "streams:write"
  /** Who is told when something is on the record. */
  | "alerts:read"
  | "alerts:write"
  /** Everyone's requests for access. Whoever may approve one sees it without. */
  | "requests:read"
  /** Ask for access; see, answer and end the requests that are one's own or one's to answer. */
  | "requests:own"
  /** One's own bearer tokens and kubeconfig. */
  | "tokens:own";

const USER: readonly Permission[] = ["audit:export", "views:write", "tokens:own", "requests:own"];
const AUDITOR: readonly Permission[] = [
  ...USER,
  "audit:read",
  "recordings:play",
  "recordings:end",
  "views:share",
  "clusters:read",
  "access:read",
  "people:read",
  "applications:read",
  "settings:read",
  "projects:read",
  "requests:read",
  "agents:read",
  "streams:read",
  "alerts:read",
  "alerts:write",
];
const ADMINISTRATOR: readonly Permission[] = [
  ...AUDITOR,
  "clusters:write",
  "access:write",
  "people:write",
  "applications:write",
  "settings:write",
  "projects:write",
  "agents:write",
  "streams:write",
];

const PERMISSIONS: Record<ConsoleRole, ReadonlySet<Permission>> = {
  user: new Set(USER),
  auditor: new Set(AUDITOR),
  administrator: new Set(ADMINISTRATOR),
};

declare const minted: unique symbol;

/** Proof that the actor has the permission. Only `requirePermission` makes one. */
export interface Permit<P extends Permission> {
  readonly [minted]: P;
}

/** Whether the actor has the permission, and what they came with: to show or hide a control. What acts or reads calls `requirePermission`. */
export function hasPermission(ctx: Context, permission: Permission): boolean {
  return mayWithScopes(ctx, scopeOf(permission)) && isPermitted(ctx, permission);
}

/** A credential without scopes is bounded by its owner alone. */
function mayWithScopes({ credential }: Context, scope: Scope): boolean {
  return credential?.scopes === undefined || credential.scopes.includes(scope);
}

function isPermitted({ actor }: Context, permission: Permission): boolean {
  if (actor.kind === "anonymous") return false;
  return actor.kind === "system" || PERMISSIONS[actor.consoleRole].has(permission);
}

/** Everything that the actor is permitted, for the console to show or hide controls. */
export function permissionsOf(ctx: Context): Permission[] {
  return ADMINISTRATOR.filter((permission) => hasPermission(ctx, permission));
}

/**
 * The gate before every mutation and every read of what is not one's own.
 * @throws AppError `unauthenticated` without an identity, `permission_denied` where the console role lacks the permission, or the key its scope,
 * `second_factor_required` where a setting demands one for it.
 */
export function requirePermission<P extends Permission>(ctx: Context, permission: P): Permit<P> {
  requireIdentity(ctx);
  if (hasPermission(ctx, permission)) {
    requireFactorFor(ctx, permission);
    return {} as Permit<P>;
  }
  if (isPermitted(ctx, permission)) throw lacksScope(scopeOf(permission));
  const holders = (Object.keys(PERMISSIONS) as ConsoleRole[]).filter((role) =>
    PERMISSIONS[role].has(permission),
  );
  throw new AppError(
    "permission_denied",
    `This needs the permission "${permission}", which the console role ${holders.join(" or ")} has. Ask an administrator.`,
  );
}

function lacksScope(scope: Scope): AppError {
  return new AppError(
    "permission_denied",
    `This needs the scope "${scope}", which the key that asks does not have. Use one that has it.`,
  );
}

/**
 * For a change that asks for no permission, and for one by which somebody could sign in with more than the key has (a local person's one-time code,
 * a provider): a key with scopes may do only what one of them names.
 * @throws AppError `permission_denied`
 */
export function refuseScopedKey({ credential }: Context): void {
  if (credential?.scopes === undefined) return;
  throw new AppError(
    "permission_denied",
    "No scope is for this: it takes a key without scopes, or a session of the console.",
  );
}

/** @throws AppError `unauthenticated` when nobody is signed in. */
export function requireIdentity(ctx: Context): void {
  if (ctx.actor.kind !== "anonymous") return;
  throw new AppError(
    "unauthenticated",
    "Sign in, or send a bearer token: POST /api/v1/token gives an application one.",
  );
}

/**
 * Administrators, auditors and the system see everything; everybody else their own.
 * @throws AppError `unauthenticated` when nobody is signed in, `permission_denied` for a key without the scope.
 */
export function auditScope(ctx: Context): AuditScope {
  requireIdentity(ctx);
  const { actor } = ctx;
  if (!mayWithScopes(ctx, "audit:read")) throw lacksScope("audit:read");
  if (hasPermission(ctx, "audit:read"))
    return { kind: "all", recordings: hasPermission(ctx, "recordings:play") } as AuditScope;
  if (actor.kind !== "user" && actor.kind !== "application")
    throw new AppError("unauthenticated", "Sign in.");
  return { kind: "own", actorKind: actor.kind, actorId: actor.id } as AuditScope;
}
