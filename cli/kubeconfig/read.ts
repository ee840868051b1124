import { existsSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { readExecEntry } from "./entries.ts";
import { kubeconfigFiles } from "./place.ts";

export interface Context {
  name: string;
  /** Where it is one of this program's; else null. */
  cluster: string | null;
  profile: string | null;
  namespace: string | null;
}

type Items =
  | { name?: unknown; context?: { user?: string; namespace?: string }; user?: unknown }[]
  | null
  | undefined;

/** The contexts that kubectl would see, and its current one. What cannot be read is as if it were not there: that is for kubectl to say. */
export function readContexts(env: Record<string, string | undefined>): {
  contexts: Context[];
  current: string | null;
} {
  const documents = kubeconfigFiles(env)
    .filter((file) => existsSync(file))
    .map(readFile);
  const items = (list: string) => documents.flatMap((document) => (document[list] as Items) ?? []);
  const users = items("users");
  const contexts = items("contexts").map(({ name, context }): Context => {
    const own = readExecEntry(users.find((each) => each.name === context?.user)?.user);
    return {
      name: String(name),
      cluster: own?.cluster ?? null,
      profile: own?.profile ?? null,
      namespace: context?.namespace ?? null,
    };
  });
  const current = documents.map((document) => document["current-context"]).find(Boolean);
  return { contexts, current: typeof current === "string" ? current : null };
}

function readFile(file: string): Record<string, unknown> {
  try {
    return parse(readFileSync(file, "utf8")) ?? {};
  } catch {
    return {};
  }
}
