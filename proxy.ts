import { type NextRequest, NextResponse } from "next/server";

/** Set by next.config.mjs at build time: React's development build needs `eval`. */
declare const __DEVELOPMENT__: boolean;

/**
 * Gives every page a Content-Security-Policy with a nonce of its own, and tells the page its path, so that a layout can
 * send a signed-out visitor back to where they came from.
 *
 * Styles may be inline: virtualised rows and charts place themselves by `style` attributes, and the toast library adds a
 * style element. Scripts may not.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(crypto.randomUUID());
  const policy = contentSecurityPolicy(nonce);
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("x-kubewitness-path", request.nextUrl.pathname + request.nextUrl.search);
  headers.set("Content-Security-Policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("Content-Security-Policy", policy);
  return response;
}

function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${__DEVELOPMENT__ ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

export const config = {
  // Pages only: the API answers no HTML, and static files need no policy.
  matcher: [{ source: "/((?!api/|v1/|scim/|k8s/|_next/static|_next/image|favicon.ico|icon.svg).*)" }],
};
