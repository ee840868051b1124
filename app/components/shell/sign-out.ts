import { z } from "zod";

const CsrfToken = z.object({ csrfToken: z.string() });

/** The token that each form of the sign-in service has to carry. */
export async function readCsrfToken(): Promise<string> {
  const answer = await fetch("/api/auth/csrf", { headers: { accept: "application/json" } });
  return CsrfToken.parse(await answer.json()).csrfToken;
}

const SignedOut = z.object({ url: z.string() });

/** Ends the session, and goes to the sign-in page: by the identity provider's own sign-out where it has one. */
export async function signOut(): Promise<void> {
  const csrfToken = await readCsrfToken();
  const answer = await fetch("/api/auth/signout", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ csrfToken, json: "true", callbackUrl: "/signin?reason=signed-out" }),
  });
  const led = SignedOut.safeParse(await answer.json().catch(() => null));
  window.location.assign(led.success ? led.data.url : "/signin?reason=signed-out");
}
