import { config } from "../../config.ts";
import { openSealedText, sealText } from "../../pki/seal.ts";
import { ClusterCredential } from "./schema.ts";

const contextOf = (clusterId: string) => `cluster/${clusterId}`;

/** A credential as it is stored: sealed for this one cluster, so that no row can lend it to another. */
export function sealCredential(clusterId: string, credential: ClusterCredential): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify(credential);
  return sealText({ key: config().encryption.key, context: contextOf(clusterId), text });
}

/** @throws AppError `internal` where it was sealed with another key. */
export function openCredential(clusterId: string, sealed: Uint8Array): ClusterCredential {
  const text = openSealedText({ key: config().encryption.key, context: contextOf(clusterId), sealed });
  return ClusterCredential.parse(JSON.parse(text));
}
