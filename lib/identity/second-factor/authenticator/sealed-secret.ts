import { config } from "../../../config.ts";
import { openSealedText, sealAnew, sealText } from "../../../pki/seal.ts";

// Sealed for whom it is: a row that somebody copies onto another's opens nothing.
const contextOf = (owner: string) => `totp/${owner}`;

/** An authenticator's secret as it is stored. `owner`: the person's id, or the set-up's. */
export function sealTotpSecret(owner: string, text: string): Uint8Array<ArrayBuffer> {
  return sealText({ key: config().encryption.key, context: contextOf(owner), text });
}

export function openTotpSecret(owner: string, sealed: Uint8Array): string {
  return openSealedText({ ...config().encryption, context: contextOf(owner), sealed });
}

/** The same, sealed with the key that seals now; null where it was already. */
export function sealTotpSecretAnew(owner: string, sealed: Uint8Array): Uint8Array<ArrayBuffer> | null {
  return sealAnew({ ...config().encryption, context: contextOf(owner), sealed });
}
