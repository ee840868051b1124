import { X509Certificate } from "node:crypto";
import type { RenewAnswer } from "../../lib/tunnels/protocol/joining.ts";
import { AgentError } from "../agent-error.ts";

const OF_BOTH = ["certificate", "expiresAt", "renewAfter", "audience"];

/** Reads the answer of a join or a renewal; `more` are the texts that it has beside those of both. @throws AgentError. */
export function readAnswer<Kind extends RenewAnswer>(text: string, more: (keyof Kind & string)[]): Kind {
  try {
    const answer = JSON.parse(text) as Kind;
    const texts = answer as unknown as Record<string, unknown>;
    const whole = [...OF_BOTH, ...more].every((field) => typeof texts[field] === "string");
    const dates = [answer.expiresAt, answer.renewAfter].every((date) => !Number.isNaN(Date.parse(date)));
    new X509Certificate(answer.certificate);
    if (answer.gatewayAuthority !== null) new X509Certificate(answer.gatewayAuthority);
    if (whole && dates) return answer;
  } catch {
    // Said below.
  }
  throw new AgentError(
    "the gateway's answer has no certificate for this agent: are agent and gateway of versions that know each other?",
  );
}
