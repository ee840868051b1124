import "reflect-metadata";
import { isIP } from "node:net";
import * as x509 from "@peculiar/x509";

/** PEM texts; the key is PKCS #8. */
export interface CertificateAndKey {
  certificate: string;
  key: string;
}

/** A certificate that signs others. */
export type Authority = CertificateAndKey;

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 3_650;
/** Apple's systems take no TLS server certificate that is valid longer. */
const LONGEST_DAYS = 397;
/** A client's clock may be a little behind. */
const BACKDATE_MS = 3_600_000;

const { KeyUsageFlags, ExtendedKeyUsage } = x509;

/** Makes a self-signed authority that may sign end-entity certificates only. */
export async function createAuthority(commonName: string): Promise<Authority> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [commonName] }],
    keys,
    signingAlgorithm: ALGORITHM,
    ...validity(AUTHORITY_DAYS),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: toText(certificate), key: await exportKey(keys.privateKey) };
}

/** Issues a TLS server certificate for host names and IP addresses (RFC 9525: names are subject alternative names). */
export async function issueServerCertificate(
  authority: Authority,
  { hosts, days = LONGEST_DAYS }: { hosts: string[]; days?: number },
): Promise<CertificateAndKey> {
  const names = hosts.map((host) => ({ type: isIP(host) ? ("ip" as const) : ("dns" as const), value: host }));
  return await issue(authority, [{ CN: [hosts[0] ?? "server"] }], days, [
    new x509.ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new x509.SubjectAlternativeNameExtension(names),
  ]);
}

/**
 * Issues a TLS client certificate for a key that its owner keeps: nothing but to prove who it is (RFC 5280, 4.2.1.12). `publicKey` is a
 * SubjectPublicKeyInfo in DER, of P-256; `uri` a subject alternative name. PEM.
 */
export async function issueClientCertificate(
  authority: Authority,
  { publicKey, commonName, uri, days }: { publicKey: Buffer; commonName: string; uri: string; days: number },
): Promise<string> {
  const key = await crypto.subtle.importKey("spki", new Uint8Array(publicKey), ALGORITHM, true, ["verify"]);
  const certificate = await sign(authority, [{ CN: [commonName] }], { days, publicKey: key }, [
    new x509.ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
    new x509.SubjectAlternativeNameExtension([{ type: "url", value: uri }]),
  ]);
  return toText(certificate);
}

async function issue(
  authority: Authority,
  subject: x509.JsonName,
  days: number,
  extensions: x509.Extension[],
): Promise<CertificateAndKey> {
  const keys = await generateKeys();
  const certificate = await sign(authority, subject, { days, publicKey: keys.publicKey }, extensions);
  return { certificate: toText(certificate), key: await exportKey(keys.privateKey) };
}

async function sign(
  authority: Authority,
  subject: x509.JsonName,
  { days, publicKey }: { days: number; publicKey: CryptoKey },
  extensions: x509.Extension[],
): Promise<x509.X509Certificate> {
  const issuer = new x509.X509Certificate(authority.certificate);
  return x509.X509CertificateGenerator.create({
    subject,
    issuer: issuer.subject,
    publicKey,
    signingKey: await importKey(authority.key),
    signingAlgorithm: ALGORITHM,
    ...validity(days),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      ...extensions,
    ],
  });
}

function validity(days: number): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - BACKDATE_MS), notAfter: new Date(now + days * DAY_MS) };
}

function generateKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]) as Promise<CryptoKeyPair>;
}

function importKey(pem: string): Promise<CryptoKey> {
  const der = x509.PemConverter.decodeFirst(pem);
  return crypto.subtle.importKey("pkcs8", der, ALGORITHM, false, ["sign"]);
}

async function exportKey(key: CryptoKey): Promise<string> {
  const der = await crypto.subtle.exportKey("pkcs8", key);
  return `${x509.PemConverter.encode(der, "PRIVATE KEY").trim()}\n`;
}

const toText = (certificate: x509.X509Certificate): string => `${certificate.toString("pem").trim()}\n`;
