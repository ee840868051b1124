/**
 * Where to go after signing in: a path of this console, else its start. Anything that could lead elsewhere (another origin,
 * `//host`, a backslash) is dropped.
 */
export function returnPath(callbackUrl: string | undefined): string {
  if (!callbackUrl) return "/";
  const path = callbackUrl.replace(/^https?:\/\/[^/]+/, "");
  return /^\/(?![/\\])[^\\]*$/.test(path) && !path.startsWith("/signin") ? path : "/";
}
