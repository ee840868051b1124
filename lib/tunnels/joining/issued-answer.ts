import type { IssuedCertificate } from "../authority/agent-certificate.ts";
import { agentAudience } from "../authority/kept-authority.ts";
import type { RenewAnswer } from "../protocol/joining.ts";
import { gatewayAuthority } from "./gateway-authority.ts";

/** What an agent is told of its certificate. */
export async function issuedAnswer(issued: IssuedCertificate): Promise<RenewAnswer> {
  return {
    certificate: issued.certificate,
    expiresAt: issued.endsAt.toISOString(),
    renewAfter: issued.renewAfter.toISOString(),
    audience: await agentAudience(),
    gatewayAuthority: await gatewayAuthority(),
  };
}
