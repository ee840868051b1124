import { config } from "../../config.ts";
import { openSealedText, sealText } from "../../pki/seal.ts";

const contextOf = (userId: string) => `refresh-token/${userId}`;

/** The provider's refresh token as it is stored: sealed for this one person. */
export function sealRefreshToken(userId: string, text: string): Uint8Array<ArrayBuffer> {
  return sealText({ key: config().encryption.key, context: contextOf(userId), text });
}

export function openRefreshToken(userId: string, sealed: Uint8Array): string {
  return openSealedText({ key: config().encryption.key, context: contextOf(userId), sealed });
}
