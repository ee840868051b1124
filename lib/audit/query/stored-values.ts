import type { ActorPart, ClusterPart } from "../columns/schema.ts";
import type { ActorText, ClusterText } from "./texts.ts";

/** What a column tells of an actor; empty text is absent. */
export function actorPart({ subjectId, name, email }: ActorText, part: ActorPart): string | null {
  switch (part) {
    case "name":
      return name || null;
    case "email":
      return email || null;
    case "subject_id":
      return subjectId || null;
    case "source_name":
      return email || name || null;
  }
}

const CLUSTER_TEXTS = { name: "name", endpoint: "endpoint", cluster_id: "clusterId" } as const;

/** What a column tells of a cluster; empty text is absent. */
export function clusterPart(cluster: ClusterText | null, part: ClusterPart): string | null {
  return cluster?.[CLUSTER_TEXTS[part]] || null;
}

/** The words of codes, each at the place of its number. */
export function wordsByCode(codes: Readonly<Record<string, number>>): string[] {
  const words: string[] = [];
  for (const [word, code] of Object.entries(codes)) words[code] = word;
  return words;
}

/** The word for a kind of actor. @throws where the surface has none: it would tell something else. */
export function wordOfKind(kinds: Readonly<Record<string, readonly string[]>>, kind: string): string {
  const found = Object.entries(kinds).find(([, meant]) => meant.includes(kind));
  if (!found) throw new Error(`no word for actors of the kind ${kind}`);
  return found[0];
}
