/**
 * Where to go after signing in: a path of this console, else its start. Anything that could lead elsewhere (another origin,
 * `//host`, a backslash, a tab, which browsers leave out of addresses) is dropped.
 */
export function returnPath(callbackUrl: string | undefined): string {
  if (!callbackUrl) return "/";
  const path = callbackUrl.replace(/^https?:\/\/[^/]+/, "");
  return /^\/(?![/\\])[^\\\p{Cc}]*$/u.test(path) && !path.startsWith("/signin") ? path : "/";
}
