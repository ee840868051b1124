import { config } from "../../config.ts";
import { openSealedText, sealAnew, sealText } from "../../pki/seal.ts";

const contextOf = (userId: string) => `refresh-token/${userId}`;

/** The provider's refresh token as it is stored: sealed for this one person. */
export function sealRefreshToken(userId: string, text: string): Uint8Array<ArrayBuffer> {
  return sealText({ key: config().encryption.key, context: contextOf(userId), text });
}

export function openRefreshToken(userId: string, sealed: Uint8Array): string {
  return openSealedText({ ...config().encryption, context: contextOf(userId), sealed });
}

/** The same, sealed with the key that seals now; null where it was already. */
export function sealRefreshTokenAnew(userId: string, sealed: Uint8Array): Uint8Array<ArrayBuffer> | null {
  return sealAnew({ ...config().encryption, context: contextOf(userId), sealed });
}
