import "reflect-metadata";
import * as x509 from "@peculiar/x509";

/** PEM: a CA, a server certificate for the loopback addresses, and a client's (CN carol, O system:masters). */
export type Certificates = { ca: string; cert: string; key: string; clientCert: string; clientKey: string };

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

async function privateKeyPem(key: CryptoKey): Promise<string> {
  const der = Buffer.from(await crypto.subtle.exportKey("pkcs8", key)).toString("base64");
  return `-----BEGIN PRIVATE KEY-----\n${der.replace(/(.{64})/g, "$1\n").trim()}\n-----END PRIVATE KEY-----\n`;
}

export async function makeCertificates(): Promise<Certificates> {
  x509.cryptoProvider.set(crypto);
  const makeKeys = () =>
    crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]) as Promise<CryptoKeyPair>;
  const caKeys = await makeKeys();
  const validity = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 86_400_000) };
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=sandbox-test-ca",
    keys: caKeys,
    signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
    ...validity,
  });
  const issue = async (subject: string, extensions: x509.Extension[]) => {
    const keys = await makeKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      subject,
      issuer: ca.subject,
      publicKey: keys.publicKey,
      signingKey: caKeys.privateKey,
      signingAlgorithm: algorithm,
      extensions,
      ...validity,
    });
    return { cert: certificate.toString("pem"), key: await privateKeyPem(keys.privateKey) };
  };
  const names = new x509.SubjectAlternativeNameExtension([
    { type: "ip", value: "127.0.0.1" },
    { type: "dns", value: "localhost" },
  ]);
  const server = await issue("CN=sandbox", [names]);
  const client = await issue("CN=carol, O=system:masters", []);
  return {
    ca: ca.toString("pem"),
    cert: server.cert,
    key: server.key,
    clientCert: client.cert,
    clientKey: client.key,
  };
}
