import { createHash } from "node:crypto";
import { config } from "../../config.ts";
import { AppError } from "../../errors.ts";
import { openSealedText, sealAnew, sealText } from "../../pki/seal.ts";
import { ClusterCredential } from "./schema.ts";

/** Where a credential goes, and how that place proves that it is the one. */
export interface CredentialDestination {
  /** The cluster's. */
  id: string;
  endpoint: string;
  certificateAuthority: string | null;
  tlsServerName: string | null;
  insecureSkipTlsVerify: boolean;
}

/**
 * A credential as it is stored: sealed for this one cluster at this address, with this authority and these TLS settings. No row can
 * lend it to another cluster, and with any of them changed it cannot be opened.
 */
export function sealCredential(
  destination: CredentialDestination,
  credential: ClusterCredential,
): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify(credential);
  return sealText({ key: config().encryption.key, context: contextOf(destination), text });
}

/** @throws AppError `internal` where it was sealed with another key, or for another destination. */
export function openCredential(destination: CredentialDestination, sealed: Uint8Array): ClusterCredential {
  return open(destination.id, contextOf(destination), sealed);
}

/** One that was sealed for the cluster alone, as versions before did it. @throws AppError `internal` for any other. */
export function openUnboundCredential(id: string, sealed: Uint8Array): ClusterCredential {
  return open(id, `cluster/${id}`, sealed);
}

/** The same, sealed with the key that seals now; null where it was already. @throws AppError `internal` where it cannot be opened. */
export function sealCredentialAnew(
  destination: CredentialDestination,
  sealed: Uint8Array,
): Uint8Array<ArrayBuffer> | null {
  return sealAnew({ ...config().encryption, context: contextOf(destination), sealed });
}

/** Whether two destinations are one to a credential: what was given for the first may go to the second. */
export function isSameDestination(one: CredentialDestination, other: CredentialDestination): boolean {
  return contextOf(one) === contextOf(other);
}

function open(id: string, context: string, sealed: Uint8Array): ClusterCredential {
  try {
    const text = openSealedText({ ...config().encryption, context, sealed });
    return ClusterCredential.parse(JSON.parse(text));
  } catch (cause) {
    const message =
      `The credential of the cluster ${id} cannot be opened: encryption.key is not the key that sealed it, or the cluster's address, ` +
      "authority or TLS settings were changed without it. Give the cluster its credential anew.";
    throw new AppError("internal", message, { cause });
  }
}

function contextOf(destination: CredentialDestination): string {
  const { id, endpoint, certificateAuthority, tlsServerName, insecureSkipTlsVerify } = destination;
  const parts = JSON.stringify([endpoint, certificateAuthority, tlsServerName, insecureSkipTlsVerify]);
  return `cluster/${id}/${createHash("sha256").update(parts).digest("hex")}`;
}
