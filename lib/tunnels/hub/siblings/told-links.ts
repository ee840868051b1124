import { z } from "zod";

// What processes of a replica tell one another of the agents that are connected to them, over Unix sockets that nobody else can reach.

/** GET: the connections of the process as JSON, a line each time that they change. */
export const LINKS_PATH = "/links";
/** POST {@link CallCounts}. */
export const CALLS_PATH = "/calls";
/** The header of a refused CONNECT: why, as JSON. */
export const PROBLEM_HEADER = "kubewitness-problem";

export const ToldLink = z.object({
  id: z.string(),
  agent: z.object({ id: z.string(), name: z.string(), clusterId: z.string(), tags: z.array(z.string()) }),
  credential: z.enum(["gateway", "agent"]),
  isDraining: z.boolean(),
});
export type ToldLink = z.infer<typeof ToldLink>;
export const ToldLinks = z.array(ToldLink);

/** How many calls another process has begun since it said so last, by the ids of the connections. */
export const CallCounts = z.record(z.string(), z.int().positive());
export type CallCounts = z.infer<typeof CallCounts>;

export const ToldProblem = z.object({
  problem: z.enum(["authority", "mode", "unreachable", "limit", "draining", "lost"]),
  code: z.string(),
  message: z.string(),
});
