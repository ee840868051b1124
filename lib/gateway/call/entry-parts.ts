import type { EntryActor, KubeRequestEntry } from "../../audit/entry/entry.ts";
import type { TextRedactor } from "../../audit/redaction/redact-text.ts";
import type { Actor } from "../../context.ts";
import type { GatewayCluster } from "./gateway.ts";

// What is the same in many entries is made once and frozen, for as long as the object is known that it was made of: what changes is another object.

export const ANONYMOUS: EntryActor = Object.freeze({ kind: "anonymous", id: "", name: "", email: "" });

const actors = new WeakMap<Actor, EntryActor>();

/** The actor as the record names it. */
export function entryActor(actor: Actor): EntryActor {
  const known = actors.get(actor);
  if (known !== undefined) return known;
  const made = Object.freeze(nameActor(actor));
  actors.set(actor, made);
  return made;
}

function nameActor(actor: Actor): EntryActor {
  switch (actor.kind) {
    case "user":
      return { kind: "user", id: actor.id, name: actor.name, email: actor.email };
    case "application":
      return { kind: "application", id: actor.id, name: actor.name, email: "" };
    case "system":
      return { kind: "system", id: "", name: actor.name, email: "" };
    case "anonymous":
      return actor.claimed === undefined ? ANONYMOUS : { ...ANONYMOUS, name: actor.claimed };
  }
}

const clusters = new WeakMap<GatewayCluster, KubeRequestEntry["cluster"]>();

/** The cluster as the record names it. */
export function entryCluster(cluster: GatewayCluster): KubeRequestEntry["cluster"] {
  const known = clusters.get(cluster);
  if (known !== undefined) return known;
  const made = Object.freeze({ id: cluster.id, name: cluster.name, endpoint: cluster.endpoint });
  clusters.set(cluster, made);
  return made;
}

const NO_GROUPS: string[] = [];
const redactedGroups = new WeakMap<readonly string[], { by: TextRedactor; groups: string[] }>();

/** As whom the cluster sees the call: with --as-group these are the client's words. */
export function entryGroups(groups: readonly string[], redactor: TextRedactor): string[] {
  if (groups.length === 0) return NO_GROUPS;
  const known = redactedGroups.get(groups);
  if (known?.by === redactor) return known.groups;
  const made = groups.map((group) => redactor.redactText(group));
  if (Object.isFrozen(groups))
    redactedGroups.set(groups, { by: redactor, groups: Object.freeze(made) as string[] });
  return made;
}
