/** What a person may do in the console. */
export type ConsoleRole = "administrator" | "auditor" | "user";

/** Who acts. Every mutation, every read of audit data and every call through the gateway has one. */
export type Actor =
  | {
      kind: "user";
      id: string;
      name: string;
      email: string;
      consoleRole: ConsoleRole;
      /** The names of their groups, as their identity provider has them. */
      groups: readonly string[];
      /** The ids of these groups here, which is what grants name: two providers may have groups of one name. */
      groupIds: readonly string[];
    }
  | { kind: "application"; id: string; name: string; consoleRole: ConsoleRole }
  /** Not (yet) authenticated; `claimed` is the name that was tried, where one was. */
  | { kind: "anonymous"; claimed?: string }
  /** The gateway itself: start-up, retention, demo data. */
  | { kind: "system"; name: string };

/**
 * What somebody proved who they are with; `id` is its row's. What is made with it is bounded by it, and what goes on for long ends
 * with it.
 */
export interface Credential {
  kind: "session" | "token";
  id: string;
  expiresAt: Date;
  /** When a second factor was shown in the session, or in the one that the token was made in, as of then. */
  secondFactorAt?: Date | null;
  /** What it may be used for, as lib/access/key-scopes has it; left out: all that its owner may. */
  scopes?: readonly string[];
}

/** Who asks, and from where. The first argument of every verb: `verbNoun({ ctx, input })`. */
export interface Context {
  actor: Actor;
  /** Of a person and an application; the system and whoever is not authenticated have none. */
  credential?: Credential;
  /** The real client address (forwarded headers count only from trusted proxies); null for the system. */
  sourceIp: string | null;
  userAgent: string | null;
  requestId: string;
}

/** The context of work that the gateway does by itself. */
export function systemContext(name: string): Context {
  return { actor: { kind: "system", name }, sourceIp: null, userAgent: null, requestId: crypto.randomUUID() };
}

/** Who acts, as a row keeps it that is to be read when they are gone; null: nobody who is known. */
export function actorName({ actor }: Pick<Context, "actor">): string | null {
  if (actor.kind === "user") return actor.email;
  return actor.kind === "anonymous" ? null : actor.name;
}
