import { recordEvent } from "../../audit/events/record.ts";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";
import { type AgentRow, agentEntity, asAgent } from "../agents/agent-entity.ts";

/** An agent that comes and goes all the time: so many events an hour, and the next one after says how many there were without. */
const MOST_EVENTS = 20;
const WINDOW_MS = 3_600_000;

/**
 * The event of an agent that is there again, or there no more. `agent` is locked by the caller's transaction. A link that breaks every few seconds cannot flood
 * Event History; each of its connections is in the log of connects all the same.
 */
export async function recordComingOrGoing(
  tx: Transaction,
  ctx: Context,
  { agent, operation, after }: { agent: AgentRow; operation: "Connect" | "Disconnect"; after: object },
): Promise<void> {
  const now = new Date();
  const fresh = agent.eventsSince === null || now.getTime() - agent.eventsSince.getTime() >= WINDOW_MS;
  const events = fresh ? 0 : agent.events;
  if (events >= MOST_EVENTS) {
    await tx.$executeRaw`update tunnel_agents set events_left_out = events_left_out + 1 where id = ${agent.id}::uuid`;
    return;
  }
  const since = fresh ? now : agent.eventsSince;
  await tx.$executeRaw`
    update tunnel_agents set events = ${events + 1}, events_since = ${since}, events_left_out = 0 where id = ${agent.id}::uuid`;
  const leftOut = agent.eventsLeftOut > 0 ? { withoutEvent: agent.eventsLeftOut } : {};
  await recordEvent(tx, asAgent(ctx, agent.name), {
    action: operation === "Connect" ? "Login" : "Update",
    operation,
    ...agentEntity(agent),
    after: { ...after, ...leftOut },
  });
}
