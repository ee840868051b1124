import type { CommandEntry } from "./command.ts";

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  { name: "login", about: "sign in to an installation", load: () => import("../commands/login.ts") },
  { name: "logout", about: "end the sign-in", load: () => import("../commands/logout.ts") },
  { name: "whoami", about: "who one is there", load: () => import("../commands/whoami.ts") },
  {
    name: "clusters",
    about: "the clusters that one may reach",
    load: () => import("../commands/clusters.ts"),
  },
  { name: "kubeconfig", about: "set kubectl up", load: () => import("../commands/kubeconfig.ts") },
  {
    name: "credential",
    about: "a cluster's credential, for kubectl",
    load: () => import("../commands/credential.ts"),
  },
  {
    name: "can-i",
    about: "whether a call would be allowed, and why",
    load: () => import("../commands/can-i.ts"),
  },
  { name: "audit search", about: "find what happened", load: () => import("../commands/audit-search.ts") },
  { name: "audit tail", about: "see it as it happens", load: () => import("../commands/audit-tail.ts") },
  {
    name: "audit export",
    about: "everything that matches, as a file",
    load: () => import("../commands/audit-export.ts"),
  },
  { name: "request", about: "ask for a role for a while", load: () => import("../commands/request.ts") },
  { name: "requests", about: "requests for access", load: () => import("../commands/requests.ts") },
  { name: "approve", about: "approve a request", load: () => import("../commands/approve.ts") },
  { name: "refuse", about: "refuse a request", load: () => import("../commands/refuse.ts") },
  { name: "completion", about: "completion for a shell", load: () => import("../commands/completion.ts") },
  { name: "version", about: "the version of this program", load: () => import("../commands/version.ts") },
  { name: "help", about: "help on a command", load: () => import("../commands/help.ts") },
];

export const findCommand = (name: string): CommandEntry | undefined =>
  COMMANDS.find((each) => each.name === name);

/** The commands of a group: `audit` has `audit search`. */
export const commandsOf = (group: string): readonly CommandEntry[] =>
  COMMANDS.filter(({ name }) => name.startsWith(`${group} `));

/** Of options that stand before the command, those with a value of their own. */
const TAKES_A_VALUE = ["--profile", "--output", "-o"];

export interface Found {
  /** What was typed of a command: `clusters`, `audit search`, `audit`, `nonsense`; empty for none. */
  name: string;
  entry: CommandEntry | undefined;
  /** The rest, in its order. */
  rest: string[];
}

/** Takes the command's words out of a command line; options may stand before them. */
export function splitCommandLine(words: readonly string[]): Found {
  const first = indexOfWord(words, 0);
  if (first < 0) return { name: "", entry: undefined, rest: [...words] };
  const name = words[first]!;
  const without = (from: number, ...rest: number[]) =>
    words.filter((_, index) => index !== from && !rest.includes(index));
  if (commandsOf(name).length === 0) return { name, entry: findCommand(name), rest: without(first) };
  const second = indexOfWord(words, first + 1);
  if (second < 0) return { name, entry: undefined, rest: without(first) };
  const both = `${name} ${words[second]}`;
  return { name: both, entry: findCommand(both), rest: without(first, second) };
}

function indexOfWord(words: readonly string[], from: number): number {
  for (let index = from; index < words.length; index++) {
    const word = words[index]!;
    if (word === "--") return -1;
    if (!word.startsWith("-")) return index;
    if (TAKES_A_VALUE.includes(word)) index++;
  }
  return -1;
}
