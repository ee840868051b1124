import { openApi } from "../http/api.ts";
import { chooseProfile, readProfiles } from "../kept/profiles.ts";
import { readContexts } from "../kubeconfig/read.ts";
import { RESOURCE_NAMES } from "../kubernetes/resources.ts";
import {
  COMMON_OPTIONS,
  type Command,
  type Completes,
  type OptionDescription,
  type Options,
} from "../program/command.ts";
import { COMMANDS, commandsOf, splitCommandLine } from "../program/commands.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** Says to the shell's function: these are files. */
export const FILES = ":files";

/** Somebody waits with a finger on the key. */
const PATIENCE_MS = 2_000;

/**
 * What may stand in place of the last word, a line each: the word, a tab, what it means. What cannot be known is left out: the tab key
 * never fails.
 */
export async function completeWords(words: string[], terminal: Terminal): Promise<string[]> {
  const typed = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  try {
    const candidates = await candidatesFor(before, typed, terminal);
    return candidates.filter((line) => line === FILES || line.startsWith(typed));
  } catch {
    return [];
  }
}

async function candidatesFor(before: string[], typed: string, terminal: Terminal): Promise<string[]> {
  const { name, entry, rest } = splitCommandLine(before);
  if (entry === undefined) return typed.startsWith("-") ? optionLines(COMMON_OPTIONS) : commandLines(name);
  const { command } = await entry.load();
  const options: Options = { ...command.options, ...COMMON_OPTIONS };
  const open = optionWithoutValue(rest, options);
  if (open) return valuesOf(open, { terminal, rest });
  const [, joined] = /^--([\w-]+)=/.exec(typed) ?? [];
  if (joined !== undefined && options[joined]) {
    const values = await valuesOf(options[joined], { terminal, rest });
    return values.map((value) => (value === FILES ? value : `--${joined}=${value}`));
  }
  if (typed.startsWith("-")) return optionLines(options);
  return argumentsFor(name, command, positionalsOf(rest, options).length, terminal);
}

function commandLines(name: string): string[] {
  const [group = ""] = name.split(" ");
  const inGroup = commandsOf(group);
  if (inGroup.length > 0) return inGroup.map((each) => `${each.name.slice(group.length + 1)}\t${each.about}`);
  if (name !== "") return [];
  const first = new Map(COMMANDS.map((each) => [each.name.split(" ")[0]!, each]));
  return [...first].map(
    ([word, { name: full, about }]) =>
      `${word}\t${word === full ? about : "search, tail or export the record"}`,
  );
}

const optionLines = (options: Options) =>
  Object.entries(options).map(([name, { about }]) => `--${name}\t${about}`);

/** The option whose value the last word is. */
function optionWithoutValue(rest: string[], options: Options): OptionDescription | undefined {
  const last = rest.at(-1);
  const option = last === undefined ? undefined : optionOf(last, options);
  return option?.type === "string" ? option : undefined;
}

function optionOf(word: string, options: Options): OptionDescription | undefined {
  if (word.startsWith("--")) return options[word.slice(2)];
  return /^-[a-zA-Z]$/.test(word) ? Object.values(options).find(({ short }) => short === word[1]) : undefined;
}

function positionalsOf(rest: string[], options: Options): string[] {
  return rest.filter((word, index) => {
    if (word.startsWith("-")) return false;
    return optionOf(rest[index - 1] ?? "", options)?.type !== "string";
  });
}

const VERBS = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

async function argumentsFor(
  name: string,
  command: Command,
  count: number,
  terminal: Terminal,
): Promise<string[]> {
  if (name === "can-i") return [VERBS, RESOURCE_NAMES][count]?.slice() ?? [];
  if (name === "help") return count === 0 ? commandLines("") : [];
  const argument = command.arguments[count];
  if (argument === undefined) return [];
  if (argument.choices) return [...argument.choices];
  return argument.completes ? named(argument.completes, { terminal, rest: [] }) : [];
}

interface Situation {
  terminal: Terminal;
  rest: string[];
}

const valuesOf = async (
  { choices, completes }: OptionDescription,
  situation: Situation,
): Promise<string[]> => (choices ? [...choices] : completes ? named(completes, situation) : []);

async function named(what: Completes, { terminal, rest }: Situation): Promise<string[]> {
  if (what === "files") return [FILES];
  if (what === "contexts")
    return readContexts(terminal.env)
      .contexts.filter(({ cluster }) => cluster !== null)
      .map(({ name }) => name);
  if (what === "profiles") return Object.keys(readProfiles(terminal).profiles);
  return clusterNames(terminal, rest[rest.indexOf("--profile") + 1 || rest.length]);
}

/** Asked of the installation; where it does not answer at once, those of kubectl's contexts. */
async function clusterNames(terminal: Terminal, profile: string | undefined): Promise<string[]> {
  try {
    const api = openApi(terminal, profile);
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const { clusters } = await api.json<{ clusters: { name: string }[] }>("/api/v1/me", { signal });
    return clusters.map(({ name }) => name);
  } catch {
    const { name } = chooseProfile(terminal, profile);
    return readContexts(terminal.env)
      .contexts.filter((each) => each.profile === name)
      .map(({ cluster }) => cluster!);
  }
}
