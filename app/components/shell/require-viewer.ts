import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { permissionsOf } from "../../../lib/access/permission.ts";
import { AppError } from "../../../lib/errors.ts";
import { contextFromPage } from "../../../lib/identity/request-context.ts";
import type { Viewer } from "./viewer.tsx";

/**
 * Who is signed in. Sends everybody else to the sign-in page, and back afterwards. For server components.
 * @throws AppError `unavailable` while the database cannot be asked.
 */
export async function requireViewer(): Promise<Viewer> {
  const ctx = await contextFromPage();
  if (ctx.actor.kind !== "user") {
    const path = (await headers()).get("x-kubewitness-path") ?? "/";
    redirect(path === "/" ? "/signin" : `/signin?callbackUrl=${encodeURIComponent(path)}`);
  }
  const { id, name, email, consoleRole } = ctx.actor;
  return { id, name, email, consoleRole, permissions: permissionsOf(ctx) };
}

/** For `catch`: an error that passes with time is handed on to be shown, any other is thrown again. */
export function unlessUnavailable(error: unknown): AppError {
  if (error instanceof AppError && error.code === "unavailable") return error;
  throw error;
}
