import { AppError } from "../errors.ts";

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses a request to the API that comes with a session's cookie and was not sent by a page of this console: browsers attach cookies
 * whoever wrote the page. Reading counts too, since it is on the record in the session's name, and an export costs. For a change `Origin`
 * must be the console's to the letter; a browser that sends none must say `Sec-Fetch-Site: same-origin`. What is read may also be asked
 * for by hand (`none`); a browser without fetch metadata is known by its `Referer`. https://www.w3.org/TR/fetch-metadata/
 */
export function requireSameOrigin(request: Request, publicUrl: string): void {
  const isSame = SAFE_METHODS.has(request.method) ? isOwnRead : isOwnChange;
  if (isSame(request.headers, publicUrl)) return;
  const from = request.headers.get("origin") ?? "an unknown page";
  throw new AppError(
    "permission_denied",
    `What comes with a session's cookie is taken from the console at ${publicUrl} alone; this came from ${from}. ` +
      "Use that address, or send a bearer token.",
  );
}

function isOwnChange(headers: Headers, publicUrl: string): boolean {
  const origin = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  if (origin === null) return site === "same-origin";
  return origin === publicUrl && (site ?? "same-origin") === "same-origin";
}

function isOwnRead(headers: Headers, publicUrl: string): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin" || site === "none";
  const referrer = headers.get("referer");
  if (referrer === null) return true;
  if (!URL.canParse(referrer)) return false;
  // A proxy may name another host than the browser did, and a person another than publicUrl.
  const { origin, host } = new URL(referrer);
  return origin === publicUrl || host === headers.get("host");
}
