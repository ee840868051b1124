import { LineRefusal } from "../line/line-refusal.ts";
import { REFUSED_FLAGS } from "./verb-table.ts";
import type { Flag } from "./verbs.ts";

export interface GivenFlag {
  flag: Flag;
  value: string;
}

/**
 * Reads the flags that the word at `at` stands for, by the rules of pflag (kubectl's parser): `--name value`, `--name=value`, `-n value`,
 * `-nvalue`, `-n=value`, `-it`. Returns them and where the next word is. Throws a {@link LineRefusal} for a flag that is not in `flags`.
 */
export function readFlagWord(
  words: string[],
  at: number,
  flags: readonly Flag[],
  verb: string,
): { given: GivenFlag[]; next: number } {
  const word = words[at]!;
  return word.startsWith("--") ? readLong(words, at, flags, verb) : readShort(words, at, flags, verb);
}

function readLong(words: string[], at: number, flags: readonly Flag[], verb: string) {
  const [, name = "", , value] = /^--([^=]*)(=([\s\S]*))?$/.exec(words[at]!)!;
  const flag = flags.find((candidate) => candidate.name === name);
  if (!flag) throw unknownFlag(`--${name}`, name, verb);
  if (value !== undefined) return { given: [{ flag, value: checked(flag, value) }], next: at + 1 };
  if (flag.takes === "switch") return { given: [{ flag, value: "true" }], next: at + 1 };
  if (flag.takes === "optional")
    throw new LineRefusal(`--${name} needs a value after =, e.g. --${name}=${EXAMPLES[name] ?? "…"}`);
  return { given: [{ flag, value: following(words, at, `--${name}`) }], next: at + 2 };
}

const EXAMPLES: Record<string, string> = { "dry-run": "server", cascade: "background", validate: "strict" };

function readShort(words: string[], at: number, flags: readonly Flag[], verb: string) {
  const letters = words[at]!.slice(1);
  const given: GivenFlag[] = [];
  for (let index = 0; index < letters.length; index++) {
    const letter = letters[index]!;
    const flag = flags.find((candidate) => candidate.short === letter);
    if (!flag) throw unknownFlag(`-${letter}`, SHORT_NAMES[letter] ?? letter, verb);
    const rest = letters.slice(index + 1);
    if (flag.takes === "switch") {
      given.push({ flag, value: rest.startsWith("=") ? checked(flag, rest.slice(1)) : "true" });
      if (rest.startsWith("=")) break;
      continue;
    }
    if (rest === "=") throw new LineRefusal(`-${letter}= has no value`);
    if (rest !== "") given.push({ flag, value: rest.startsWith("=") ? rest.slice(1) : rest });
    else return { given: [...given, { flag, value: following(words, at, `-${letter}`) }], next: at + 2 };
    break;
  }
  return { given, next: at + 1 };
}

/** Short forms of flags that are refused everywhere. */
const SHORT_NAMES: Record<string, string> = { s: "server", k: "kustomize", R: "recursive" };

function following(words: string[], at: number, flag: string): string {
  const value = words[at + 1];
  if (value === undefined) throw new LineRefusal(`${flag} needs a value`);
  return value;
}

function checked(flag: Flag, value: string): string {
  if (flag.takes === "switch" && value !== "true" && value !== "false")
    throw new LineRefusal(`--${flag.name} got ${JSON.stringify(value)}: takes true or false`);
  return value;
}

function unknownFlag(shown: string, name: string, verb: string): LineRefusal {
  const reason = REFUSED_FLAGS[name];
  return new LineRefusal(
    reason ? `${shown} is refused: ${reason}` : `${shown} is not offered here with ${verb || "kubectl"}`,
  );
}
