import type { Profiler } from "node:inspector";

/** Parts of a call by the functions that begin them; a sample belongs to the first of these that is on its stack, from the inside. */
const STAGES: Readonly<Record<string, string>> = {
  CallRecord: "record made",
  plainAddress: "address",
  readRequest: "request read",
  authenticate: "token",
  routeToCluster: "cluster",
  admit: "admission",
  findNode: "node",
  noteProjects: "projects",
  authorize: "decision",
  reviewAccess: "reviews",
  reviewRules: "reviews",
  impersonate: "headers",
  recordIntent: "intent",
  recordAnswer: "outcome",
  recordOutcome: "outcome",
  recordStart: "outcome",
  entry: "entry",
  checkedEntry: "entry checked",
  entryText: "text",
  countCall: "metrics",
  observeUpstream: "metrics",
  add: "live calls",
  remove: "live calls",
  liveCallOf: "live calls",
  start: "forwarding",
  onHead: "answer",
  onData: "answer",
  onEnd: "answer",
};

/** The share of each part in what a profile says of calls; what is none of a call's is left out. */
export function sharesOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Map<string, number> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id])));
  const known = new Map<number, string | null>();
  const stageOf = (id: number): string | null => {
    const found = known.get(id);
    if (found !== undefined) return found;
    const { functionName, url } = byId.get(id)!.callFrame;
    const isOurs = url.includes("/lib/") && !url.includes("/node_modules/");
    const parent = parents.get(id);
    const around = parent === undefined ? null : stageOf(parent);
    const own = isOurs ? (STAGES[functionName] ?? around ?? "rest of the chain") : around;
    const stage = functionName === "(garbage collector)" ? "garbage" : own;
    known.set(id, stage);
    return stage;
  };
  const times = new Map<string, number>();
  samples.forEach((id, index) => {
    const stage = stageOf(id);
    if (stage === null) return;
    times.set(stage, (times.get(stage) ?? 0) + (timeDeltas[index] ?? 0));
  });
  const all = [...times.values()].reduce((sum, time) => sum + time, 0);
  return new Map([...times].map(([stage, time]) => [stage, time / all]));
}
