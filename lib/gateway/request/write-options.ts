import { MUTATING_VERBS } from "../../audit/entry/entry.ts";
import { parseQuery, type Query } from "./query.ts";
import { isSession, type RequestInfo } from "./request-info.ts";

const NONE: Query = new Map();

/** The query of a call that changes something; nothing of any other, which is not to be read for it. */
export function writeOptions(info: RequestInfo | null, query: string): Query {
  return info?.isResourceRequest && query !== "" && MUTATING_VERBS.has(info.verb) ? parseQuery(query) : NONE;
}

/** What the body of a change says of a dry run. */
export interface SentBody {
  /** There was one. */
  sent: boolean;
  dryRun: boolean;
}

/**
 * Whether nothing is to be changed: `?dryRun=All` (metav1.CreateOptions and its like), or the options in a body. kube-apiserver reads
 * the options of a deletion from its body, and from the query only where there is no body (k8s.io/apiserver/pkg/endpoints/handlers/delete.go).
 * Sessions and proxied programs know no dry run, whatever their query says.
 */
export function isDryRun(info: RequestInfo | null, options: Query, body: SentBody): boolean {
  if (info === null || isSession(info) || info.unwatched || info.subresource === "proxy") return false;
  const inQuery = (options.get("dryRun")?.[0] ?? "") !== "";
  const isDeletion = info.verb === "delete" || info.verb === "deletecollection";
  return body.dryRun || (inQuery && !(isDeletion && body.sent));
}

const SELECTORS = ["labelSelector", "fieldSelector"] as const;

/** What a row would not tell otherwise: that nothing was changed, and which objects a deletion of many was for. Null where there is neither. */
export function describeWriteOptions(
  info: RequestInfo | null,
  options: Query,
  { dryRun }: { dryRun: boolean },
): string | null {
  const ofMany = info?.verb === "deletecollection";
  if (!dryRun && !ofMany) return null;
  const said: string[] = [];
  if (dryRun) said.push("Dry run: nothing was changed.");
  if (ofMany) {
    const selectors = SELECTORS.flatMap(
      (name) => options.get(name)?.map((value) => `${name} ${value}`) ?? [],
    );
    said.push(selectors.length > 0 ? `Selected by ${selectors.join(", ")}.` : "No selector: all of them.");
  }
  return said.join(" ");
}
