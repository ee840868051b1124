import type { Comparison } from "./compare.ts";
import type { RecordedCall } from "./read-calls.ts";
import type { CallGroup, ChangedCalls, DryRunResult } from "./schema.ts";

/** Groups that are kept at once, and told, of each kind. */
const MOST_GROUPS = 1_000;
const MOST_TOLD = 200;

class Groups {
  readonly #groups = new Map<string, CallGroup>();
  #calls = 0;

  add(call: RecordedCall, says: string): void {
    this.#calls += 1;
    const { actor, cluster, apiGroup, resource, verb, namespace } = call;
    const key = JSON.stringify([
      actor.kind,
      actor.subjectId,
      cluster?.clusterId,
      apiGroup,
      resource,
      verb,
      namespace,
    ]);
    const before = this.#groups.get(key);
    // The newest come first: the last of a group is the one that made it.
    if (before) before.calls += 1;
    else if (this.#groups.size < MOST_GROUPS) this.#groups.set(key, groupOf(call, says));
  }

  finish(): ChangedCalls {
    const groups = [...this.#groups.values()].sort((a, b) => b.calls - a.calls).slice(0, MOST_TOLD);
    const told = groups.reduce((sum, { calls }) => sum + calls, 0);
    return { calls: this.#calls, groups, ungrouped: this.#calls - told };
  }
}

function groupOf(call: RecordedCall, says: string): CallGroup {
  const { actor, cluster, apiGroup, resource, verb, namespace } = call;
  return {
    person: {
      kind: actor.kind === "application" ? "application" : "user",
      id: actor.subjectId,
      name: actor.email || actor.name,
    },
    cluster: cluster?.name ?? "",
    apiGroup,
    resource,
    verb,
    namespace: namespace || null,
    calls: 1,
    lastAt: call.executedAt.toISOString(),
    lastNo: call.no,
    says,
  };
}

/** Counts what a change would mean, in bounded memory. */
export class Tally {
  readonly #changed = { refused: new Groups(), allowed: new Groups(), otherwise: new Groups() };
  readonly #untold = new Map<string, number>();
  #outdated = 0;
  checked = 0;

  add(call: RecordedCall, comparison: Comparison): void {
    this.checked += 1;
    switch (comparison.kind) {
      case "same":
        return;
      case "outdated":
        this.#outdated += 1;
        return;
      case "untold":
        this.#untold.set(comparison.why, (this.#untold.get(comparison.why) ?? 0) + 1);
        return;
      default:
        this.#changed[comparison.kind].add(call, comparison.says);
    }
  }

  finish(): Pick<DryRunResult, "checked" | "refused" | "allowed" | "otherwise" | "outdated" | "untold"> {
    const { refused, allowed, otherwise } = this.#changed;
    return {
      checked: this.checked,
      refused: refused.finish(),
      allowed: allowed.finish(),
      otherwise: otherwise.finish(),
      outdated: this.#outdated,
      untold: [...this.#untold].map(([why, calls]) => ({ why, calls })),
    };
  }
}
