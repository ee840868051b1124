import { z } from "zod";
import { AgentName, AgentTags } from "../agents/schema.ts";

/** So long a join token counts. */
export const JOIN_TOKEN_MS = 3_600_000;
/** So many may wait to be used. */
export const MOST_JOIN_TOKENS = 200;

export const MakeJoinTokenInput = z.strictObject({
  cluster: z.uuid("takes the id of a cluster").meta({ description: "Of which an agent may become one." }),
});
export type MakeJoinTokenInput = z.input<typeof MakeJoinTokenInput>;

export const JoinTokenView = z.object({
  id: z.uuid(),
  cluster: z.object({ id: z.uuid(), name: z.string() }),
  createdAt: z.iso.datetime(),
  createdBy: z.string().nullable(),
  expiresAt: z.iso.datetime(),
  agent: z
    .object({ id: z.uuid(), name: z.string() })
    .nullable()
    .meta({ description: "What joined with it; null: nothing has." }),
});
export type JoinTokenView = z.infer<typeof JoinTokenView>;

export const MadeJoinToken = JoinTokenView.extend({
  token: z.string().meta({ description: "kwj_…: lets one agent join, once, within the hour. Shown once." }),
  gateway: z.string().meta({ description: "The address that the agent dials." }),
});
export type MadeJoinToken = z.infer<typeof MadeJoinToken>;

const version = z
  .string("takes the agent's version")
  .regex(/^[\x21-\x7e]{1,64}$/, "takes 1 to 64 visible characters");
const request = z.string("takes a PKCS #10 request in PEM").max(8_192, "takes at most 8192 characters");

/** lib/tunnels/protocol/joining.ts: JoinRequest. What a newer agent says beside it is not looked at. */
export const JoinAgentInput = z.object({
  token: z.string("takes a join token").max(200, "takes a join token"),
  certificateRequest: request,
  name: AgentName.nullable(),
  tags: AgentTags,
  version,
});
export type JoinAgentInput = z.input<typeof JoinAgentInput>;

/** RenewRequest, with the agent that its proof has shown. */
export const RenewCertificateInput = z.object({ agentId: z.uuid(), certificateRequest: request });
export type RenewCertificateInput = z.input<typeof RenewCertificateInput>;
