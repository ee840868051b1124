import { LOCAL_ISSUER } from "../../config/issuer.ts";
import { database } from "../../db/connection.ts";
import { assertionOptions } from "../second-factor/passkeys/assert.ts";
import type { BrowserOptions } from "../second-factor/schema.ts";

/** Whether local people can sign in: whether there is one. */
export async function hasLocalPeople(): Promise<boolean> {
  const first = await database().user.findFirst({
    where: { issuer: LOCAL_ISSUER, enabled: true },
    select: { id: true },
  });
  return first !== null;
}

/** What a browser needs to sign in with a passkey that it has for this console. */
export async function passkeySignInOptions(): Promise<BrowserOptions> {
  return { ...(await assertionOptions({ purpose: "sign-in", sessionId: null })) };
}
