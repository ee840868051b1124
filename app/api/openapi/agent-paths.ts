import { z } from "zod";
import type { ZodOpenApiPathsObject } from "zod-openapi";
import {
  AgentList,
  AgentView,
  ListAgentsQuery,
  RevokeAgentInput,
  UpdateAgentInput,
} from "../../../lib/tunnels/agents/schema.ts";
import { ConnectionList, ListConnectionsQuery } from "../../../lib/tunnels/connections/schema.ts";
import { JoinTokenView, MadeJoinToken, MakeJoinTokenInput } from "../../../lib/tunnels/joining/schema.ts";
import { IdParameter } from "../id-parameter.ts";
import { describeOperation } from "./operation.ts";

const json = (schema: z.ZodType) => ({ "application/json": schema });
const AGENTS = "Agents";

const ofOne = { tag: AGENTS, path: IdParameter } as const;
const gone = { ...ofOne, status: "204", answers: {}, refusals: [400, 401, 403, 404] } as const;

/** Agents of clusters that nothing can dial, and what they join with. */
export const agentPaths: ZodOpenApiPathsObject = {
  "/api/v1/agents": {
    get: describeOperation({
      id: "listAgents",
      summary: "Agents by cluster and name, a page of them",
      tag: AGENTS,
      query: ListAgentsQuery,
      answers: json(AgentList),
      refusals: [400, 401, 403],
    }),
  },
  "/api/v1/agents/{id}": {
    get: describeOperation({
      id: "getAgent",
      summary: "One agent",
      ...ofOne,
      answers: json(AgentView),
      refusals: [400, 401, 403, 404],
    }),
    patch: describeOperation({
      id: "updateAgent",
      summary: "Give an agent another name or other tags",
      ...ofOne,
      body: UpdateAgentInput,
      answers: json(AgentView),
      refusals: [400, 401, 403, 404, 409],
    }),
    delete: describeOperation({
      id: "removeAgent",
      summary: "Remove an agent and its log of connects; one that counts is revoked by that",
      ...gone,
    }),
  },
  "/api/v1/agents/{id}/revoke": {
    post: describeOperation({
      id: "revokeAgent",
      summary: "Revoke an agent: none of its certificates counts any more, and its connections end",
      ...ofOne,
      body: RevokeAgentInput,
      answers: json(AgentView),
      refusals: [400, 401, 403, 404],
    }),
  },
  "/api/v1/agents/{id}/connections": {
    get: describeOperation({
      id: "listAgentConnections",
      summary: "The open connections of an agent, and a page of its log of connects",
      ...ofOne,
      query: ListConnectionsQuery,
      answers: json(ConnectionList),
      refusals: [400, 401, 403, 404],
    }),
  },
  "/api/v1/agents/join-tokens": {
    get: describeOperation({
      id: "listJoinTokens",
      summary: "Join tokens that wait to be used",
      tag: AGENTS,
      answers: json(z.object({ joinTokens: z.array(JoinTokenView) })),
      refusals: [401, 403],
    }),
    post: describeOperation({
      id: "makeJoinToken",
      summary:
        "Make a token with which one agent may join a cluster, once, within the hour; it is shown once",
      tag: AGENTS,
      body: MakeJoinTokenInput,
      status: "201",
      answers: json(MadeJoinToken),
      refusals: [400, 401, 403, 404, 429],
    }),
  },
  "/api/v1/agents/join-tokens/{id}": {
    get: describeOperation({
      id: "getJoinToken",
      summary: "One join token, and which agent has joined with it",
      ...ofOne,
      answers: json(JoinTokenView),
      refusals: [400, 401, 403, 404],
    }),
    delete: describeOperation({
      id: "withdrawJoinToken",
      summary: "Withdraw a join token that nothing has joined with",
      ...gone,
    }),
  },
};
