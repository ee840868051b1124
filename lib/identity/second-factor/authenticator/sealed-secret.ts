import { config } from "../../../config.ts";
import { openSealedText, sealText } from "../../../pki/seal.ts";

// Sealed for whom it is: a row that somebody copies onto another's opens nothing.
const contextOf = (owner: string) => `totp/${owner}`;

/** An authenticator's secret as it is stored. `owner`: the person's id, or the set-up's. */
export function sealTotpSecret(owner: string, text: string): Uint8Array<ArrayBuffer> {
  return sealText({ key: config().encryption.key, context: contextOf(owner), text });
}

export function openTotpSecret(owner: string, sealed: Uint8Array): string {
  return openSealedText({ key: config().encryption.key, context: contextOf(owner), sealed });
}
