import { generateKeyPairSync } from "node:crypto";
import {
  type Authority,
  type CertificateAndKey,
  createAuthority,
  issueClientCertificate,
  issueServerCertificate,
} from "../../../pki/issue-certificate.ts";

export interface ReceiverCertificates {
  /** PEM of the authority of all. */
  ca: string;
  server: CertificateAndKey;
  /** Of the same authority, for another name. */
  elsewhere: CertificateAndKey;
  client: CertificateAndKey;
  /** Of another authority. */
  strange: CertificateAndKey;
}

/** Certificates of a receiver on this machine, and of whoever may send to it. */
export async function receiverCertificates(): Promise<ReceiverCertificates> {
  const authority = await createAuthority("receivers of a test");
  return {
    ca: authority.certificate,
    server: await issueServerCertificate(authority, { hosts: ["localhost", "127.0.0.1"] }),
    elsewhere: await issueServerCertificate(authority, { hosts: ["elsewhere.example"] }),
    client: await clientOf(authority, "kubewitness"),
    strange: await clientOf(await createAuthority("strangers of a test"), "kubewitness"),
  };
}

async function clientOf(authority: Authority, commonName: string): Promise<CertificateAndKey> {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const certificate = await issueClientCertificate(authority, {
    publicKey: publicKey.export({ type: "spki", format: "der" }),
    commonName,
    uri: `urn:test:${commonName}`,
    days: 2,
  });
  return { certificate, key: String(privateKey.export({ type: "pkcs8", format: "pem" })) };
}
