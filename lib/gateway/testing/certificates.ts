import {
  type CertificateAndKey,
  createAuthority,
  issueServerCertificate,
} from "../../pki/issue-certificate.ts";

export interface TestCertificates extends CertificateAndKey {
  /** PEM of the authority that signed. */
  ca: string;
}

let made: Promise<TestCertificates> | undefined;

/** A server certificate for this machine; one for each process. */
export function testCertificates(): Promise<TestCertificates> {
  made ??= make();
  return made;
}

async function make(): Promise<TestCertificates> {
  const authority = await createAuthority("gateway tests");
  const server = await issueServerCertificate(authority, { hosts: ["127.0.0.1", "localhost"] });
  return { ...server, ca: authority.certificate };
}
