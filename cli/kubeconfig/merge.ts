import { type Document, isMap, isSeq, parseDocument } from "yaml";
import { Failure } from "../program/failure.ts";
import type { Entry } from "./entries.ts";

const EMPTY = "apiVersion: v1\nkind: Config\nclusters: []\ncontexts: []\nusers: []\n";

/**
 * A kubeconfig's text with these entries in it. Everything else stays as it is, comments included; entries of the same name are replaced.
 * @param current the context to begin with from now on; null: the first of these where the text has none.
 * @throws Failure where the text is no kubeconfig: then nothing is known of what would be lost.
 */
export function mergeKubeconfig(
  { file, text }: { file: string; text: string | null },
  entries: readonly Entry[],
  current: string | null,
): string {
  const document = read(file, text);
  for (const { name, cluster, user, namespace } of entries) {
    put(document, file, "clusters", { name, cluster });
    put(document, file, "users", { name, user });
    put(document, file, "contexts", {
      name,
      context: { cluster: name, user: name, ...(namespace ? { namespace } : {}) },
    });
  }
  const chosen = current ?? (document.get("current-context") || entries[0]?.name);
  if (chosen) document.set("current-context", chosen);
  return document.toString({ lineWidth: 0 });
}

function read(file: string, text: string | null): Document {
  const document = parseDocument(text === null || text.trim() === "" ? EMPTY : text);
  const problem = document.errors[0]?.message.split("\n")[0];
  if (problem !== undefined) throw unreadable(file, problem);
  if (!isMap(document.contents)) throw unreadable(file, "it is no mapping");
  return document;
}

function put(
  document: Document,
  file: string,
  list: string,
  entry: { name: string } & Record<string, unknown>,
): void {
  const node = document.get(list, true);
  const items = isSeq(node) ? node : undefined;
  if (items === undefined) {
    const value = document.toJS()[list];
    if (value !== undefined && value !== null) throw unreadable(file, `${list} is no list`);
    document.set(list, document.createNode([entry]));
    return;
  }
  // `[]` as kubectl writes it for none.
  items.flow = false;
  const at = items.items.findIndex((item) => isMap(item) && item.get("name") === entry.name);
  if (at < 0) items.add(document.createNode(entry));
  else items.set(at, document.createNode(withKept(items.toJS(document)[at], entry)));
}

/** A namespace that somebody chose for a context stays. */
function withKept(
  before: { context?: { namespace?: string } },
  entry: { name: string } & Record<string, unknown>,
) {
  const namespace = before.context?.namespace;
  const context = entry.context as Record<string, unknown> | undefined;
  return context && namespace && !context.namespace
    ? { ...entry, context: { ...context, namespace } }
    : entry;
}

const unreadable = (file: string, why: string) =>
  new Failure(
    "failed",
    `${file} is no kubeconfig (${why}), so nothing was written. Mend it, or use --file ANOTHER.`,
  );
