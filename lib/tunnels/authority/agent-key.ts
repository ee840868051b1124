import { createPublicKey, type KeyObject } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { AppError } from "../../errors.ts";

const FIELD = "certificateRequest";
const TAKES = "a PKCS #10 request in PEM, of a P-256 key, signed by that key";

/**
 * The key that a certificate is asked for (PKCS #10, RFC 2986), as SubjectPublicKeyInfo in DER. That its owner signed the request is checked; what it says of
 * names counts for nothing.
 * @throws AppError `invalid_argument`
 */
export async function readCertificateRequest(pem: string): Promise<Buffer> {
  const key = await keyOf(pem);
  if (key?.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === "prime256v1")
    return key.export({ type: "spki", format: "der" });
  throw new AppError("invalid_argument", `${FIELD}: takes ${TAKES}`, {
    details: [{ field: FIELD, takes: TAKES }],
  });
}

async function keyOf(pem: string): Promise<KeyObject | null> {
  try {
    const request = new x509.Pkcs10CertificateRequest(pem);
    if (!(await request.verify())) return null;
    return createPublicKey({ key: Buffer.from(request.publicKey.rawData), format: "der", type: "spki" });
  } catch {
    // Not a request, or with a key of which nothing is known.
    return null;
  }
}
