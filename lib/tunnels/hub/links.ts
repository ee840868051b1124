import { processState } from "../../process-state.ts";
import type { AgentLink } from "./agent-link.ts";

const state = processState("tunnels/links", () => ({
  /** By the ids of their clusters: a call asks for one's. */
  links: new Map<string, readonly AgentLink[]>(),
  /** When one went last, by the ids of their clusters: milliseconds of `performance.now()`. */
  wentAt: new Map<string, number>(),
}));

/** The connections by which this process reaches a cluster: its own, and those of the replica's other processes. */
export function linksOf(clusterId: string): readonly AgentLink[] {
  return state.links.get(clusterId) ?? [];
}

/** Agents dial again within 1 to 10 s. */
const BACK_WITHIN_MS = 15_000;

/** Whether a connection of the cluster went a moment ago, so that its agent is likely to be back soon. */
export function isOneAwaited(clusterId: string): boolean {
  const wentAt = state.wentAt.get(clusterId);
  return wentAt !== undefined && performance.now() - wentAt < BACK_WITHIN_MS;
}

/** Adds a connection, which leaves by itself when it closes. */
export function addLink(link: AgentLink): void {
  const { clusterId } = link.agent;
  state.links.set(clusterId, [...linksOf(clusterId), link]);
  link.onClose(() => remove(clusterId, link));
}

function remove(clusterId: string, link: AgentLink): void {
  const left = linksOf(clusterId).filter((each) => each !== link);
  if (left.length === 0) state.links.delete(clusterId);
  else state.links.set(clusterId, left);
  state.wentAt.set(clusterId, performance.now());
}
