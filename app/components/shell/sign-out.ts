import { z } from "zod";

const CsrfToken = z.object({ csrfToken: z.string() });

/** The token that each form of the sign-in service has to carry. */
export async function readCsrfToken(): Promise<string> {
  const answer = await fetch("/api/auth/csrf", { headers: { accept: "application/json" } });
  return CsrfToken.parse(await answer.json()).csrfToken;
}

/** Ends the session and goes to the sign-in page. */
export async function signOut(): Promise<void> {
  const csrfToken = await readCsrfToken();
  await fetch("/api/auth/signout", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ csrfToken, json: "true", callbackUrl: "/signin" }),
  });
  window.location.assign("/signin?reason=signed-out");
}
