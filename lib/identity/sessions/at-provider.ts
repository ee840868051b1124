import { config } from "../../config.ts";
import { openSealedText, sealAnew, sealText } from "../../pki/seal.ts";
import type { ProviderSignOut } from "../providers/provider/identity-provider.ts";

/** What is kept with a session of the provider's own one. */
export interface SessionAtProvider {
  /** What the provider calls it: the claim `sid`; null where it does not say. */
  id: string | null;
  signOut: ProviderSignOut | null;
}

const sealingOf = (sessionToken: string) => ({
  ...config().encryption,
  context: `sign-out/${sessionToken}`,
});

/** How a session's way out of its provider is stored: sealed for this one session. `sessionToken`: the hash that it is stored by. */
export function sealSignOut(
  sessionToken: string,
  signOut: ProviderSignOut | null,
): Uint8Array<ArrayBuffer> | null {
  return signOut === null ? null : sealText({ ...sealingOf(sessionToken), text: JSON.stringify(signOut) });
}

export function openSignOut(sessionToken: string, sealed: Uint8Array | null): ProviderSignOut | null {
  if (sealed === null) return null;
  return JSON.parse(openSealedText({ ...sealingOf(sessionToken), sealed })) as ProviderSignOut;
}

/** The same, sealed with the key that seals now; null where it was already. */
export function sealSignOutAnew(sessionToken: string, sealed: Uint8Array): Uint8Array<ArrayBuffer> | null {
  return sealAnew({ ...sealingOf(sessionToken), sealed });
}
