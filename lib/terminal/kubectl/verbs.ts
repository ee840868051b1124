import { FLAG_GROUPS, GLOBAL_FLAGS, VERB_ALIASES, VERB_TABLE } from "./verb-table.ts";

/** A flag of a verb. */
export interface Flag {
  name: string;
  short: string | null;
  /** `switch`: true or false. `value`: takes one. `optional`: takes one only after `=`. */
  takes: "switch" | "value" | "optional";
}

/** A verb, with subcommands as part of it, e.g. `rollout status`. */
export interface Verb {
  name: string;
  flags: Flag[];
}

const TAKES = { "?": "switch", "=": "value", "~": "optional" } as const;

function readFlags(text: string): Flag[] {
  return text
    .split(" ")
    .filter(Boolean)
    .flatMap((entry) => {
      if (entry.startsWith("@")) return readFlags(FLAG_GROUPS[entry.slice(1)]!);
      const [, short = null, name, takes] = /^(?:(\w),)?([\w-]+)([?=~])$/.exec(entry)!;
      return [{ name: name!, short, takes: TAKES[takes as keyof typeof TAKES] }];
    });
}

/** Flags that may stand before the verb, too. */
export const globalFlags: readonly Flag[] = readFlags(GLOBAL_FLAGS);

/** Every verb that is offered, by name. */
export const verbs: ReadonlyMap<string, Verb> = new Map(
  VERB_TABLE.trim()
    .split("\n")
    .map((line) => {
      const [name = "", flags = ""] = line.split(/: ?/);
      return [name, { name, flags: [...readFlags(flags), ...globalFlags] }];
    }),
);

/** Whether more words may belong to a verb of this name, e.g. to `rollout`. */
export const hasSubcommands = (name: string): boolean =>
  [...verbs.keys()].some((verb) => verb.startsWith(`${name} `));

/** The words that may follow `name` as part of the verb; of "" the verbs' first words. */
export function subcommandsOf(name: string): string[] {
  const prefix = name === "" ? "" : `${name} `;
  const next = [...verbs.keys()].filter((verb) => verb.startsWith(prefix));
  return [...new Set(next.map((verb) => verb.slice(prefix.length).split(" ")[0]!))];
}

/** The name that the table has for a verb. */
export const canonicalVerb = (name: string): string => VERB_ALIASES[name] ?? name;
