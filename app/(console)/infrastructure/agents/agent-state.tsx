import { Ban, CircleCheck, CircleDashed, CircleX, TriangleAlert } from "lucide-react";
import type { AgentState as State } from "../../../../lib/tunnels/agents/schema.ts";

/** The states of an agent, in words. */
export const STATES = {
  connected: { icon: CircleCheck, tone: "text-ok", words: "Connected" },
  away: { icon: CircleX, tone: "text-fail", words: "Not connected" },
  new: { icon: CircleDashed, tone: "text-fg-3", words: "Never connected" },
  ended: { icon: TriangleAlert, tone: "text-warn", words: "Certificate ended" },
  revoked: { icon: Ban, tone: "text-fg-3", words: "Revoked" },
} as const satisfies Record<State, object>;

/** How an agent is, in a word. */
export function AgentState({ state }: { state: State }) {
  const { icon: Icon, tone, words } = STATES[state];
  return (
    <span className={`inline-flex items-center gap-1.5 align-middle ${tone}`}>
      <Icon aria-hidden className="size-3.5!" /> {words}
    </span>
  );
}
