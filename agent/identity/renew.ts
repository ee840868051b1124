import { createPrivateKey } from "node:crypto";
import { RENEW_PATH } from "../../lib/tunnels/protocol/endpoints.ts";
import type { RenewAnswer, RenewRequest } from "../../lib/tunnels/protocol/joining.ts";
import { createProof, type ProofPurpose } from "../../lib/tunnels/protocol/proof.ts";
import { AgentError } from "../agent-error.ts";
import { ask, refusalText } from "../gateway/ask.ts";
import { trustOptions, withAuthority } from "../gateway/trust.ts";
import type { GatewayAddress } from "../settings/settings.ts";
import { createCertificateRequest, createKey } from "./certificate-request.ts";
import type { Identity } from "./identity.ts";
import { readAnswer } from "./read-answer.ts";

/** The header by which an agent proves itself; good for one request. */
export function authorization(identity: Identity, purpose: ProofPurpose): { Authorization: string } {
  const { agentId, audience, certificate } = identity;
  const key = createPrivateKey(identity.key);
  return { Authorization: `Bearer ${createProof({ agentId, audience, purpose, certificate, key })}` };
}

/** Exchanges the certificate, while it counts, for the next, of a new key. @throws AgentError. */
export async function renew(
  gateway: GatewayAddress,
  identity: Identity,
  signal: AbortSignal,
): Promise<Identity> {
  const key = createKey();
  const body: RenewRequest = { certificateRequest: createCertificateRequest(key) };
  const question = {
    method: "POST",
    path: RENEW_PATH,
    headers: authorization(identity, "renew"),
    body,
  } as const;
  const answer = await ask(gateway, trustOptions(identity), question, signal);
  if (answer.status < 200 || answer.status > 299) {
    throw new AgentError(
      `the gateway did not renew the certificate of ${identity.name}: it ${refusalText(answer)}`,
    );
  }
  const { certificate, expiresAt, renewAfter, audience, gatewayAuthority } = readAnswer<RenewAnswer>(
    answer.text,
    [],
  );
  const authorities = withAuthority(identity.authorities, gatewayAuthority);
  return { ...identity, key, certificate, expiresAt, renewAfter, audience, authorities };
}
