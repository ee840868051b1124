import type { CredentialMode } from "../protocol/api-server-stream.ts";
import type { AgentLink } from "./agent-link.ts";
import { linksOf } from "./links.ts";

/** Which agents a call may go by. */
export interface LinkChoice {
  clusterId: string;
  credential: CredentialMode;
  /** Only agents with this tag; null: any. */
  tag: string | null;
}

/** Why a call has no agent, for words about it. */
export type NoLink = { problem: "none" | "tag" | "mode" | "draining" };

let turn = 0;

/** The connections that a call may go by: those with the fewest calls under way first, and in turn where they have as many. */
export function chooseLinks({ clusterId, credential, tag }: LinkChoice): AgentLink[] | NoLink {
  const all = linksOf(clusterId);
  if (all.length === 0) return { problem: "none" };
  const tagged = tag === null ? all : all.filter(({ agent }) => agent.tags.includes(tag));
  if (tagged.length === 0) return { problem: "tag" };
  const fitting = tagged.filter((link) => link.credential === credential);
  if (fitting.length === 0) return { problem: "mode" };
  const open = fitting.filter(({ isDraining }) => !isDraining);
  if (open.length === 0) return { problem: "draining" };
  turn = (turn + 1) % 1_000_000;
  const first = turn % open.length;
  const inTurn = [...open.slice(first), ...open.slice(0, first)];
  return inTurn.sort(
    (one, other) => one.underWay - other.underWay || Number(one.isRemote) - Number(other.isRemote),
  );
}
