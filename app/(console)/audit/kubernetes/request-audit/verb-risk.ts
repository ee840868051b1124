export type VerbRisk = "read" | "write" | "delete" | "connect";

const READS = new Set(["get", "list", "watch", "head", "options"]);
const DELETES = new Set(["delete", "deletecollection"]);
const CONNECTS = /\/(exec|attach|portforward|proxy)$/;

/** What a call can do. Opening a way into a pod is `connect`, whatever its verb. */
export function verbRisk(verb: string, resource: string | null): VerbRisk {
  if (resource && CONNECTS.test(resource)) return "connect";
  if (READS.has(verb)) return "read";
  return DELETES.has(verb) ? "delete" : "write";
}
