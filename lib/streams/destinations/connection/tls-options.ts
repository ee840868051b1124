import { createPrivateKey, X509Certificate } from "node:crypto";
import { AppError } from "../../../errors.ts";
import type { DestinationTls } from "../destination/destination.ts";

interface TlsSettings {
  ca: string;
  clientCertificate: string;
  clientKey: string;
}

/**
 * What the settings mean to TLS. An authority that is given counts alone, the public ones no more. The certificate of whoever answers is always checked.
 * @throws AppError `invalid_argument` where certificate and key do not go together.
 */
export function tlsOptions({ ca, clientCertificate, clientKey }: TlsSettings): DestinationTls {
  return {
    minVersion: "TLSv1.2",
    ...(ca && { ca: readCertificate("ca", ca) }),
    ...(clientCertificate && clientOf(clientCertificate, clientKey)),
  };
}

function clientOf(cert: string, key: string): Pick<DestinationTls, "cert" | "key"> {
  readCertificate("clientCertificate", cert);
  if (!key) refuse("clientKey", "nothing", "the private key of the client certificate");
  let pair = false;
  try {
    pair = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch {
    refuse("clientKey", "a key that cannot be read", "a private key as PEM, without a passphrase");
  }
  if (!pair) refuse("clientKey", "another key", "the private key of the client certificate");
  return { cert, key };
}

function readCertificate(field: string, pem: string): string {
  try {
    new X509Certificate(pem);
  } catch {
    refuse(`settings.${field}`, "a certificate that cannot be read", "certificates as PEM");
  }
  return pem;
}

function refuse(field: string, got: string, takes: string): never {
  const name = field.startsWith("settings.") ? field : `secrets.${field}`;
  throw new AppError("invalid_argument", `${name}: got ${got}; takes ${takes}`, {
    details: [{ field: name, got, takes }],
  });
}
