import { LineRefusal } from "../line/line-refusal.ts";
import { allowCopy } from "./allow-copy.ts";
import type { AllowedCommand } from "./allowed-command.ts";
import { checkFlag } from "./check-flag.ts";
import { type GivenFlag, readFlagWord } from "./read-flags.ts";
import { REFUSED_VERBS } from "./verb-table.ts";
import { canonicalVerb, globalFlags, hasSubcommands, type Verb, verbs } from "./verbs.ts";

/**
 * What of `kubectl words…` may run. Verbs, flags and values that are not known to be harmless are refused; what is allowed is written anew,
 * so that kubectl reads it as it was read here. Throws a {@link LineRefusal}.
 */
export function allowKubectl(words: string[]): AllowedCommand {
  const found = findVerb(words);
  const { positionals, flags, rest } = readArguments(words, found.next, found.verb);
  const command: AllowedCommand = {
    verb: found.verb.name,
    args: found.verb.name.split(" "),
    flags: [],
    places: positionals,
    standardInput: null,
    reads: [],
    writes: null,
    takesInput: false,
    edits: found.verb.name === "edit",
  };
  for (const given of [...found.flags, ...flags]) addFlag(command, given);
  // kubectl finds a subcommand also after flags: it would run with the flags of another verb, or though it is refused.
  if (hasSubcommands(command.verb) && positionals.length > 0)
    throw new LineRefusal(
      `${command.verb} has no ${positionals[0]}: a command of ${command.verb} stands directly after it`,
    );
  command.args.push(...(command.verb === "cp" ? allowCopy(positionals, command) : positionals));
  if (rest) command.args.push("--", ...rest);
  return command;
}

/** The verb, which flags of every verb may precede, as kubectl has it. */
function findVerb(words: string[]): { verb: Verb; flags: GivenFlag[]; next: number } {
  let name = "";
  const flags: GivenFlag[] = [];
  let at = 0;
  while (at < words.length && (name === "" || hasSubcommands(name))) {
    const word = words[at]!;
    if (word.startsWith("-") && word !== "-" && word !== "--") {
      if (name !== "" && !isGlobal(word)) break;
      const { given, next } = readFlagWord(words, at, globalFlags, name);
      flags.push(...given);
      at = next;
      continue;
    }
    const longer = canonicalVerb(name === "" ? word : `${name} ${word}`);
    const refused = REFUSED_VERBS[longer];
    if (refused) throw new LineRefusal(refused);
    if (!verbs.has(longer) && !hasSubcommands(longer)) break;
    name = longer;
    at++;
  }
  const verb = verbs.get(name);
  if (verb) return { verb, flags, next: at };
  if (name !== "")
    throw new LineRefusal(`${name} needs one of its commands after it: see kubectl help ${name}`);
  if (at === words.length && flags.some(({ flag }) => flag.name === "help"))
    return { verb: verbs.get("help")!, flags: [], next: at };
  throw new LineRefusal(
    at < words.length
      ? `kubectl ${JSON.stringify(words[at])} is not offered here: see help`
      : "kubectl needs a verb after it: see help",
  );
}

const isGlobal = (word: string) =>
  globalFlags.some(({ name, short }) => word.replace(/=.*$/s, "") === `--${name}` || word[1] === short);

function readArguments(words: string[], start: number, verb: Verb) {
  const positionals: string[] = [];
  const flags: GivenFlag[] = [];
  for (let at = start; at < words.length; ) {
    const word = words[at]!;
    if (word === "--") return { positionals, flags, rest: words.slice(at + 1) };
    if (!word.startsWith("-") || word === "-") {
      positionals.push(word);
      at++;
      continue;
    }
    const { given, next } = readFlagWord(words, at, verb.flags, verb.name);
    flags.push(...given);
    at = next;
  }
  return { positionals, flags, rest: null };
}

function addFlag(command: AllowedCommand, given: GivenFlag): void {
  const { name } = given.flag;
  if (name === "edit") {
    command.edits ||= given.value === "true";
    return;
  }
  const { value, standardInput, reads } = checkFlag(given, command.verb);
  if (name === "filename" && command.args.includes("--filename=-"))
    throw new LineRefusal("-f stands twice: one file, or cat them all | kubectl … -f -");
  if (standardInput !== undefined) command.standardInput = standardInput;
  if (reads !== undefined) command.reads.push(reads);
  if (name === "filename" || (name === "stdin" && value === "true")) command.takesInput = true;
  command.flags.push({ name, value });
  command.args.push(`--${name}=${value}`);
}
