import { readFileSync } from "node:fs";
import * as tls from "node:tls";
import { Failure } from "../program/failure.ts";

/** Reads the authorities that an installation's certificate must be from. @throws Failure `usage` */
export function readAuthority(file: string): string {
  let pem: string;
  try {
    pem = readFileSync(file, "utf8");
  } catch (error) {
    throw new Failure(
      "usage",
      `--certificate-authority got ${file}, which cannot be read (${(error as NodeJS.ErrnoException).code}): takes a PEM file.`,
    );
  }
  try {
    if (!pem.includes("-----BEGIN CERTIFICATE-----")) throw new Error("no certificate");
    tls.createSecureContext({ ca: pem });
  } catch {
    throw new Failure(
      "usage",
      `--certificate-authority got ${file}, which has no certificate: takes a PEM file.`,
    );
  }
  return pem;
}

let ofMachine: string[] | undefined;

/** Node's own authorities and those of the machine, where a company's are; undefined where this Node knows its own only (before 22.15). */
export function machineAuthorities(): string[] | undefined {
  if (typeof tls.getCACertificates !== "function") return undefined;
  ofMachine ??= [...new Set([...tls.getCACertificates("default"), ...tls.getCACertificates("system")])];
  return ofMachine;
}

const UNKNOWN = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "CERT_UNTRUSTED",
]);

/** What is wrong with a certificate, and what to do; null where the failure is another. */
export function explainCertificate(origin: string, error: NodeJS.ErrnoException): string | null {
  const code = error.code ?? "";
  if (UNKNOWN.has(code))
    return `The certificate of ${origin} is from an authority that this machine does not know (${code}). Ask whoever runs it for the authority's certificate, then: kubewitness login ${origin} --certificate-authority FILE`;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return `The certificate of ${origin} is for another name. Use the address that it is for.`;
  if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID")
    return `The certificate of ${origin} does not count at this time (${code}). See to this machine's clock, or tell whoever runs the installation.`;
  if (code === "EPROTO" || code.startsWith("ERR_SSL_"))
    return `${origin} does not speak TLS as expected (${code}). Is it http:// there?`;
  return null;
}
