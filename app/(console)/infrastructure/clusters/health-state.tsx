import { CircleCheck, CircleDashed, CircleX, ShieldAlert, TriangleAlert } from "lucide-react";
import type { ClusterHealth } from "../../../../lib/clusters/schema.ts";

const STATES = {
  healthy: { icon: CircleCheck, tone: "text-ok", words: "Healthy" },
  warning: { icon: TriangleAlert, tone: "text-warn", words: "Warning" },
  unsafe: { icon: ShieldAlert, tone: "text-warn", words: "Too many rights" },
  failing: { icon: CircleX, tone: "text-fail", words: "Failing" },
} as const;

/** What the last check of a cluster found, in a word. */
export function HealthState({ health }: { health: ClusterHealth | null }) {
  if (health === null) {
    return (
      <span className="inline-flex items-center gap-1.5 align-middle text-fg-3">
        <CircleDashed aria-hidden className="size-3.5!" /> Not checked yet
      </span>
    );
  }
  const { icon: Icon, tone, words } = STATES[health.state];
  return (
    <span className={`inline-flex items-center gap-1.5 align-middle ${tone}`}>
      <Icon aria-hidden className="size-3.5!" /> {words}
    </span>
  );
}
