import { helpers } from "../../commands/registry/registry.ts";
import type { PrivateFiles } from "../../isolation/private-files.ts";
import type { Completion } from "../editor/line-editor.ts";
import type { ClusterNames } from "./cluster-names.ts";
import { completeKubectl } from "./complete-kubectl.ts";

export interface CompletionSource {
  names: ClusterNames;
  files: PrivateFiles;
  namespace: () => string;
}

/** A pod's archive, or a cluster, may have named something with codes for the terminal. */
const isPlain = (text: string) => !/\p{C}/u.test(text);

const TAKES_FILES = new Set(["cat", "rm", "less", "grep", "head", "tail", "wc", "sort", "jq", "download"]);

/** What the text before the cursor could go on with. Nothing where it is within quotes: what is there is the person's own. */
export async function completeLine(before: string, source: CompletionSource): Promise<Completion> {
  const part = before.slice(before.lastIndexOf("|") + 1);
  const nothing = { from: before.length, candidates: [] };
  if (/['"\\]/.test(part)) return nothing;
  const words = part.trimStart().split(/\s+/);
  const word = words.pop() ?? "";
  const from = before.length - word.length;
  const answer = (candidates: string[], skip = 0) => ({
    from: from + skip,
    candidates: [...new Set(candidates)]
      .filter((text) => text.startsWith(word.slice(skip)) && isPlain(text))
      .sort(),
  });
  const redirect = /^(?:>>?|<)/.exec(word)?.[0].length;
  if (redirect || /^(?:>>?|<)$/.test(words.at(-1) ?? ""))
    return answer(await fileNames(source), redirect ?? 0);
  const [program] = words;
  if (program === undefined) return answer(["kubectl", ...helpers.keys()]);
  if (program === "kubectl" || program === "k") {
    const { skip, candidates } = await completeKubectl(words.slice(1), word, source, () => fileNames(source));
    return answer(candidates, skip);
  }
  if (program === "ns") return answer((await source.names.namespaces()) ?? []);
  return TAKES_FILES.has(program) ? answer(await fileNames(source)) : nothing;
}

const fileNames = async ({ files }: CompletionSource) => (await files.list()).map(({ name }) => name);
