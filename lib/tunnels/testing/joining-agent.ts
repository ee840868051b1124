import "reflect-metadata";
import { KeyObject } from "node:crypto";
import * as x509 from "@peculiar/x509";
import type { Context } from "../../context.ts";
import { joinAgent, makeJoinToken } from "../joining/mutations.ts";
import type { JoinAnswer } from "../protocol/joining.ts";
import { createProof, type ProofPurpose } from "../protocol/proof.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** A key as an agent makes one, and its request for a certificate, which names whatever it likes. */
export async function agentKey(
  subject = "CN=anything",
): Promise<{ key: KeyObject; certificateRequest: string }> {
  const keys = (await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"])) as CryptoKeyPair;
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: subject,
    keys,
    signingAlgorithm: ALGORITHM,
  });
  return { key: KeyObject.from(keys.privateKey), certificateRequest: request.toString("pem") };
}

/** An agent that has joined, as its program knows itself. */
export interface JoinedAgent extends JoinAnswer {
  key: KeyObject;
  proof(purpose?: ProofPurpose, now?: number): string;
}

/** Makes a join token and joins with it. */
export async function joinedAgent(
  { admin, stranger }: { admin: Context; stranger: Context },
  { cluster, name = null, tags = [] }: { cluster: string; name?: string | null; tags?: string[] },
): Promise<JoinedAgent> {
  const { token } = await makeJoinToken({ ctx: admin, input: { cluster } });
  const { key, certificateRequest } = await agentKey();
  const input = { token, certificateRequest, name, tags, version: "0.1.0" };
  const answer = await joinAgent({ ctx: stranger, input });
  const { agentId, audience, certificate } = answer;
  const proof = (purpose: ProofPurpose = "connect", now?: number) =>
    createProof({ agentId, audience, purpose, certificate, key, now });
  return { ...answer, key, proof };
}
