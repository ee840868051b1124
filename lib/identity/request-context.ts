import type { Context } from "../context.ts";

/**
 * The context of a route handler: from the bearer token, else the session's cookie, else anonymous.
 * @throws AppError `unauthenticated` for a bearer token that does not count, `permission_denied` for a mutation by cookie from
 * another origin.
 */
export async function contextFromRequest(request: Request): Promise<Context> {
  throw new Error(`not yet: ${request.method}`);
}

/** The context of a server component: from the session's cookie, else anonymous. */
export async function contextFromPage(): Promise<Context> {
  throw new Error("not yet");
}
