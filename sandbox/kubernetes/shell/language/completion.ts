import { baseName, resolvePath } from "../files/virtual-file-system.ts";
import type { Completer } from "../terminal/line-editor.ts";
import { BUILTINS } from "./builtins.ts";
import type { Interpreter } from "./interpreter.ts";

const MAX_CANDIDATES = 200;

/** Completes the word before the cursor: a command's name at the beginning, else a path. */
export function createCompleter(shell: Interpreter): Completer {
  return (line) => {
    const start =
      Math.max(line.lastIndexOf(" "), line.lastIndexOf("|"), line.lastIndexOf(";"), line.lastIndexOf("=")) +
      1;
    const word = line.slice(start);
    const isCommand = /(^|[|;&]\s*)$/.test(line.slice(0, start).trimEnd()) && !word.includes("/");
    const candidates = isCommand ? commandNames(shell, word) : paths(shell, word);
    return { start, candidates: candidates.slice(0, MAX_CANDIDATES) };
  };
}

function commandNames(shell: Interpreter, prefix: string): string[] {
  const names = new Set([...BUILTINS.keys(), ...shell.state.functions.keys()]);
  for (const directory of (shell.state.get("PATH") ?? "").split(":")) {
    const node = shell.files.tryFind(resolvePath("/", directory));
    if (node?.kind === "directory") for (const name of node.entries.keys()) names.add(name);
  }
  return [...names].filter((name) => name.startsWith(prefix)).sort();
}

function paths(shell: Interpreter, word: string): string[] {
  const slash = word.lastIndexOf("/") + 1;
  const path = resolvePath(shell.state.directory, word.slice(0, slash) || ".");
  const node = shell.files.tryFind(path);
  if (node?.kind !== "directory") return [];
  return [...node.entries.keys()]
    .filter(
      (name) =>
        name.startsWith(word.slice(slash)) && (!name.startsWith(".") || baseName(word).startsWith(".")),
    )
    .sort()
    .map((name) => {
      const isDirectory = shell.files.tryFind(resolvePath(path, name))?.kind === "directory";
      return word.slice(0, slash) + name + (isDirectory ? "/" : "");
    });
}
