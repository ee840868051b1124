import { AppError } from "../errors.ts";

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses a request that changes something, comes with a session's cookie, and was not sent by a page of this console:
 * browsers attach cookies whoever wrote the page. `Origin` must be the console's to the letter; a browser that sends none must
 * say `Sec-Fetch-Site: same-origin`. https://www.w3.org/TR/fetch-metadata/
 */
export function requireSameOrigin(request: Request, publicUrl: string): void {
  if (SAFE_METHODS.has(request.method)) return;
  const origin = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  const same =
    origin === null
      ? site === "same-origin"
      : origin === publicUrl && (site ?? "same-origin") === "same-origin";
  if (same) return;
  throw new AppError(
    "permission_denied",
    `A change with a session's cookie is taken from the console at ${publicUrl} alone; this came from ${origin ?? "an unknown page"}. ` +
      "Use that address, or send a bearer token.",
  );
}
