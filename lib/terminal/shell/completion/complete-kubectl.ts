import {
  canonicalVerb,
  type Flag,
  globalFlags,
  hasSubcommands,
  subcommandsOf,
  verbs,
} from "../../kubectl/verbs.ts";
import type { ClusterNames, ResourceKind } from "./cluster-names.ts";

interface Source {
  names: ClusterNames;
  namespace: () => string;
}

/** Verbs whose first place is a name of one kind. */
const NAMES_ONE: Record<string, string> = {
  ...{ logs: "pods", exec: "pods", attach: "pods", cp: "pods", debug: "pods", "top pod": "pods" },
  ...{
    cordon: "nodes",
    uncordon: "nodes",
    drain: "nodes",
    "top node": "nodes",
    "create token": "serviceaccounts",
  },
};
/** Verbs whose first place is a kind, and the others names of it. */
const NAMES_KIND = new Set([
  ...[
    "get",
    "describe",
    "delete",
    "edit",
    "label",
    "annotate",
    "patch",
    "scale",
    "wait",
    "expose",
    "autoscale",
    "taint",
  ],
  ...[
    "rollout status",
    "rollout history",
    "rollout restart",
    "rollout undo",
    "rollout pause",
    "rollout resume",
  ],
  ...[
    "set image",
    "set env",
    "set resources",
    "set serviceaccount",
    "set selector",
    "explain",
    "apply view-last-applied",
  ],
]);
const OUTPUTS = ["json", "yaml", "name", "wide", "jsonpath=", "go-template=", "custom-columns="];
const FILE_FLAGS = new Set(["filename", "from-file", "from-env-file", "patch-file", "cert", "key"]);

/** What a word of kubectl could be; `skip` characters of it stay as they are (`--output=`, `pod/`). */
export async function completeKubectl(
  words: string[],
  word: string,
  source: Source,
  files: () => Promise<string[]>,
): Promise<{ skip: number; candidates: string[] }> {
  const { verb, places, namespace, pending } = read(words);
  const flags = verbs.get(verb)?.flags ?? globalFlags;
  if (words.includes("--")) return { skip: 0, candidates: [] };
  if (pending) return { skip: 0, candidates: await valuesOf(pending, places, namespace, source, files) };
  const [, flagName] = /^--([\w-]+)=/.exec(word) ?? [];
  const assigned = flags.find(({ name }) => name === flagName);
  if (assigned)
    return {
      skip: word.indexOf("=") + 1,
      candidates: await valuesOf(assigned, places, namespace, source, files),
    };
  if (word.startsWith("-"))
    return {
      skip: 0,
      candidates: flags.map(({ name, takes }) => `--${name}${takes === "optional" ? "=" : ""}`),
    };
  if (verb === "" || (hasSubcommands(verb) && places.length === 0)) {
    const subcommands = subcommandsOf(verb);
    if (subcommands.length > 0) return { skip: 0, candidates: subcommands };
  }
  return placesOf(verb, places, word, namespace || source.namespace(), source, files);
}

/** What the words before say. */
function read(words: string[]) {
  let verb = "";
  const places: string[] = [];
  let namespace = "";
  let pending: Flag | null = null;
  for (const word of words) {
    const flags: readonly Flag[] = verbs.get(verb)?.flags ?? globalFlags;
    if (pending) {
      if (pending.name === "namespace") namespace = word;
      pending = null;
    } else if (/^-./.test(word)) {
      const flag = flags.find(
        ({ name, short }) => word.replace(/=.*$/, "") === `--${name}` || word === `-${short}`,
      );
      if (flag?.takes === "value" && !word.includes("=")) pending = flag;
      namespace = /^(?:--namespace=|-n=?)(.+)$/.exec(word)?.[1] ?? namespace;
    } else {
      const longer = canonicalVerb(verb === "" ? word : `${verb} ${word}`);
      if (places.length === 0 && (verbs.has(longer) || hasSubcommands(longer))) verb = longer;
      else places.push(word);
    }
  }
  return { verb, places, namespace, pending };
}

async function valuesOf(
  flag: Flag,
  places: string[],
  namespace: string,
  source: Source,
  files: () => Promise<string[]>,
) {
  if (flag.name === "namespace") return (await source.names.namespaces()) ?? [];
  if (flag.name === "output") return OUTPUTS;
  if (flag.name === "dry-run") return ["client", "server", "none"];
  if (flag.name === "filename") return ["-", ...(await files())];
  if (FILE_FLAGS.has(flag.name)) return files();
  if (flag.name === "container" && places[0])
    return source.names.containers(namespace || source.namespace(), places[0].replace(/^pods?\//, ""));
  return flag.takes === "switch" ? ["true", "false"] : [];
}

async function placesOf(
  verb: string,
  places: string[],
  word: string,
  namespace: string,
  source: Source,
  files: () => Promise<string[]>,
): Promise<{ skip: number; candidates: string[] }> {
  const none = { skip: 0, candidates: [] };
  const one = NAMES_ONE[verb];
  if (!one && !NAMES_KIND.has(verb)) return none;
  const kinds = await source.names.kinds();
  const named = async (kind: ResourceKind | undefined) =>
    (kind && (await source.names.names(kind, namespace))) ?? [];
  if (one) {
    const candidates = await named(findKind(kinds, one));
    if (verb !== "cp") return places.length === 0 || verb === "drain" ? { skip: 0, candidates } : none;
    return { skip: 0, candidates: [...candidates.map((name) => `${name}:`), ...(await files())] };
  }
  const slash = word.indexOf("/");
  if (slash > 0) return { skip: slash + 1, candidates: await named(findKind(kinds, word.slice(0, slash))) };
  if (places.length === 0) return { skip: 0, candidates: kinds.map(({ name }) => name) };
  return verb === "explain" ? none : { skip: 0, candidates: await named(findKind(kinds, places[0]!)) };
}

function findKind(kinds: ResourceKind[], word: string): ResourceKind | undefined {
  const [name = "", ...group] = word.split(".");
  return kinds.find(
    (kind) =>
      (kind.name === name || kind.others.includes(name)) &&
      (group.length === 0 || kind.group === group.join(".")),
  );
}
