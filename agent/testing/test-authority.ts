import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import type { Authority } from "../../lib/pki/issue-certificate.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** Issues what a hub gives an agent for its request: PEM. */
export async function issueAgentCertificate(
  authority: Authority,
  { request, agentId, endsAt }: { request: string; agentId: string; endsAt: Date },
): Promise<string> {
  const asked = new x509.Pkcs10CertificateRequest(request);
  if (!(await asked.verify())) throw new Error("the certificate request is not signed by its key");
  const der = x509.PemConverter.decodeFirst(authority.key);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: [{ CN: [agentId] }],
    issuer: new x509.X509Certificate(authority.certificate).subject,
    publicKey: await asked.publicKey.export(ALGORITHM, ["verify"]),
    signingKey: await crypto.subtle.importKey("pkcs8", der, ALGORITHM, false, ["sign"]),
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: endsAt,
    extensions: [new x509.BasicConstraintsExtension(false, undefined, true)],
  });
  return certificate.toString("pem");
}
