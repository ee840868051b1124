import { z } from "zod";
import { AgentTag, LABEL_VALUE, nameText } from "../../names/schema.ts";

// Browser-safe: the console's forms and the API parse with the same schemas.

const WORD = "1 to 63 of letters, digits, . _ - with a letter or digit at the ends";
const word = (takes: string) => z.string(takes).min(1, takes).regex(LABEL_VALUE, takes);

/** lib/tunnels/protocol/joining.ts: isAgentName. */
export const AgentName = word(`takes ${WORD}`);
export const MOST_TAGS = 16;
export const AgentTags = z
  .array(AgentTag, "takes a list of tags")
  .max(MOST_TAGS, `takes at most ${MOST_TAGS} tags`)
  .transform((tags) => [...new Set(tags)]);

/** `connected`: at least one connection; `away`: there was one; `new`: never; `ended`: its certificate has, it has to join anew. */
export const AgentState = z.enum(["connected", "away", "new", "ended", "revoked"]);
export type AgentState = z.infer<typeof AgentState>;

export const AgentView = z.object({
  id: z.uuid(),
  name: z.string(),
  cluster: z.object({ id: z.uuid(), name: z.string() }),
  tags: z.array(z.string()),
  state: AgentState,
  /** As it said when it connected last. */
  version: z.string().nullable(),
  isOlder: z.boolean().meta({ description: "Whether its version is older than the gateway's." }),
  address: z.string().nullable().meta({ description: "Where it connected from last." }),
  joinedAt: z.iso.datetime(),
  joinedBy: z.string().nullable().meta({ description: "Who made its join token." }),
  lastSeenAt: z.iso.datetime().nullable(),
  connectedSince: z.iso
    .datetime()
    .nullable()
    .meta({ description: "Of its oldest open connection; null: it has none." }),
  connections: z.number().int().meta({ description: "Open ones, to all processes of all replicas." }),
  calls: z.number().int().meta({ description: "Of its connections that are on the log." }),
  bytesIn: z.number().int().meta({ description: "To the cluster." }),
  bytesOut: z.number().int().meta({ description: "From the cluster." }),
  certificate: z.object({
    fingerprint: z.string().meta({ description: "SHA-256, in hexadecimal." }),
    serial: z.string(),
    endsAt: z.iso.datetime(),
  }),
  revoked: z
    .object({ at: z.iso.datetime(), by: z.string().nullable(), reason: z.string().nullable() })
    .nullable(),
});
export type AgentView = z.infer<typeof AgentView>;

/** What is left out stays as it is. */
export const UpdateAgentInput = z.strictObject({
  name: AgentName.optional(),
  tags: AgentTags.optional(),
});
export type UpdateAgentInput = z.input<typeof UpdateAgentInput>;

export const RevokeAgentInput = z.strictObject({
  reason: nameText(200).optional(),
});
export type RevokeAgentInput = z.input<typeof RevokeAgentInput>;

const AGENT_SORTS = ["cluster", "name", "since", "certificate"] as const;

export const ListAgentsQuery = z.strictObject({
  cluster: z.uuid("takes the id of a cluster").optional(),
  state: AgentState.optional(),
  search: z.string().trim().max(100, "takes at most 100 characters").optional(),
  sort: z
    .enum(
      AGENT_SORTS.flatMap((name) => [name, `-${name}`] as const),
      `takes one of ${AGENT_SORTS.join(", ")}, - before it for the other way`,
    )
    .default("cluster"),
  limit: z.coerce
    .number("takes 1 to 200")
    .int()
    .min(1, "takes 1 to 200")
    .max(200, "takes 1 to 200")
    .default(50),
  offset: z.coerce
    .number("takes 0 to 100000")
    .int()
    .min(0, "takes 0 to 100000")
    .max(100_000, "takes 0 to 100000")
    .default(0),
});
export type ListAgentsQuery = z.input<typeof ListAgentsQuery>;

export const AgentList = z.object({
  agents: z.array(AgentView),
  total: z.number().int(),
  gatewayVersion: z.string(),
});
export type AgentList = z.infer<typeof AgentList>;
