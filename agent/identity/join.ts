import { createHash } from "node:crypto";
import { JOIN_PATH } from "../../lib/tunnels/protocol/endpoints.ts";
import { formatJoinToken, type JoinToken } from "../../lib/tunnels/protocol/join-token.ts";
import type { JoinAnswer, JoinRequest } from "../../lib/tunnels/protocol/joining.ts";
import { AgentError } from "../agent-error.ts";
import { ask, refusalText } from "../gateway/ask.ts";
import { pinnedAuthority, type Trust, trustOptions, withAuthority } from "../gateway/trust.ts";
import type { GatewayAddress, Settings } from "../settings/settings.ts";
import { version } from "../version.ts";
import { createCertificateRequest, createKey } from "./certificate-request.ts";
import type { Identity } from "./identity.ts";
import { readAnswer } from "./read-answer.ts";

/**
 * Exchanges the join token for a certificate of a key that is made here and never leaves. The token is sent only once the gateway has
 * proved itself. @throws AgentError.
 */
export async function join(
  { gateway, name, tags }: Settings,
  token: JoinToken,
  signal: AbortSignal,
): Promise<Identity> {
  const trust = await trustFor(gateway, token, signal);
  const key = createKey();
  const body: JoinRequest = {
    token: formatJoinToken(token),
    certificateRequest: createCertificateRequest(key),
    ...{ name, tags, version },
  };
  const answer = await ask(gateway, trustOptions(trust), { method: "POST", path: JOIN_PATH, body }, signal);
  if (answer.status < 200 || answer.status > 299) throw refused(answer.status, refusalText(answer));
  const joined = readAnswer<JoinAnswer>(answer.text, ["agentId", "name", "cluster", "credential"]);
  const { agentId, cluster, credential, certificate, expiresAt, renewAfter, audience } = joined;
  return {
    ...{ agentId, name: joined.name, cluster, credential, key, certificate, expiresAt, renewAfter, audience },
    joinedWith: hashOf(token),
    trustsMachine: trust.trustsMachine,
    authorities: withAuthority(trust.authorities, joined.gatewayAuthority),
  };
}

/** Tells join tokens apart, where one must not be kept. */
export const hashOf = (token: JoinToken): string =>
  createHash("sha256").update(formatJoinToken(token)).digest("hex");

async function trustFor(gateway: GatewayAddress, { pin }: JoinToken, signal: AbortSignal): Promise<Trust> {
  if (pin === null) return { authorities: [], trustsMachine: true };
  return { authorities: [await pinnedAuthority(gateway, pin, signal)], trustsMachine: false };
}

function refused(status: number, text: string): AgentError {
  // Whoever is asked too often, or is not ready, says so; everything else it will say again.
  const final = status >= 400 && status < 500 && status !== 408 && status !== 429;
  const next = final ? "; a join token counts once, for an hour: make a new one on the page Agents" : "";
  return new AgentError(`the gateway did not take the join token: it ${text}${next}`, { final });
}
