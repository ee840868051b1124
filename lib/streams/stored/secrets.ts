import { config } from "../../config.ts";
import { openSealedText, sealAnew, sealText } from "../../pki/seal.ts";

const contextOf = (streamId: string) => `stream/${streamId}`;

/** Secrets by name, as one sealed text; null where there are none. */
export function sealStreamSecrets(
  streamId: string,
  secrets: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> | null {
  if (Object.keys(secrets).length === 0) return null;
  const { key } = config().encryption;
  return sealText({ key, context: contextOf(streamId), text: JSON.stringify(secrets) });
}

/** @throws AppError `internal` where no key of this installation opens them. */
export function openStreamSecrets(streamId: string, sealed: Uint8Array | null): Record<string, string> {
  if (sealed === null) return {};
  return JSON.parse(openSealedText({ ...config().encryption, context: contextOf(streamId), sealed }));
}

/** The same, sealed with the key that seals now; null where they were already. */
export function sealStreamSecretsAnew(streamId: string, sealed: Uint8Array): Uint8Array<ArrayBuffer> | null {
  return sealAnew({ ...config().encryption, context: contextOf(streamId), sealed });
}
