import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import type { Me } from "./schema.ts";

/** @throws AppError `unauthenticated` when nobody is signed in. */
export function readMe({ ctx }: { ctx: Context }): Me {
  const { actor } = ctx;
  if (actor.kind !== "user" && actor.kind !== "application")
    throw new AppError("unauthenticated", "Sign in.");
  const { kind, id, name, consoleRole } = actor;
  if (kind === "application") return { kind, id, name, consoleRole, email: null, groups: [] };
  return { kind, id, name, consoleRole, email: actor.email, groups: [...actor.groups] };
}
