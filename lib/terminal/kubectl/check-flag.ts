import { LineRefusal } from "../line/line-refusal.ts";
import { privateName } from "./private-name.ts";
import type { GivenFlag } from "./read-flags.ts";

/** What a flag's value means beside its text. */
export interface CheckedFlag {
  value: string;
  standardInput?: string;
  reads?: string;
}

// Not …-file: those read templates from files.
const OUTPUTS =
  /^(?:json|yaml|kyaml|name|wide|patch|go-template|template|jsonpath|jsonpath-as-json|(?:jsonpath|jsonpath-as-json|go-template|template|custom-columns)=[\s\S]*)$/;
const DEBUG_PROFILES = ["legacy", "general", "baseline", "netadmin", "restricted", "sysadmin"];
const HIGHEST_LOG_LEVEL = 8;

const keyed = (value: string): CheckedFlag => {
  const [, key = "", file = ""] = /^([^=]*=)?([\s\S]*)$/.exec(value)!;
  const name = privateName(file);
  // pflag reads the value as a list: a comma or a quote in the key would begin another entry.
  if (!/^(?:[\w.-]+=)?$/.test(key))
    throw new LineRefusal(`--from-file got the key ${JSON.stringify(key)}: takes letters, digits, . _ and -`);
  return { value: key + name, reads: name };
};
const wholeFile = (value: string): CheckedFlag => {
  const name = privateName(value);
  return { value: name, reads: name };
};
const oneOf = (what: string, takes: (value: string) => boolean, list: string) => (value: string) => {
  if (!takes(value)) throw new LineRefusal(`${what} got ${JSON.stringify(value)}: takes ${list}`);
  return { value };
};

/** Flags whose values are looked at; the others' values mean nothing outside the API. */
const CHECKS: Record<string, (value: string, verb: string) => CheckedFlag> = {
  output: oneOf(
    "-o",
    (value) => OUTPUTS.test(value),
    "json, yaml, name, wide, jsonpath=…, go-template=… or custom-columns=…",
  ),
  filename: (value) => (value === "-" ? { value } : { value: "-", standardInput: privateName(value) }),
  "from-file": keyed,
  "from-env-file": wholeFile,
  "patch-file": wholeFile,
  cert: wholeFile,
  key: wholeFile,
  profile: oneOf("--profile", (value) => DEBUG_PROFILES.includes(value), DEBUG_PROFILES.join(", ")),
  raw: oneOf("--raw", (value) => /^\/(?!\/)/.test(value), "a path of the API such as /api/v1/namespaces"),
  v: oneOf(
    "-v",
    (value) => /^\d$/.test(value) && Number(value) <= HIGHEST_LOG_LEVEL,
    `a number from 0 to ${HIGHEST_LOG_LEVEL}`,
  ),
};

/** Checks a flag's value; throws a {@link LineRefusal} that says what is taken. */
export function checkFlag({ flag, value }: GivenFlag, verb: string): CheckedFlag {
  if (flag.name === "key" && verb !== "create secret tls") return { value };
  return CHECKS[flag.name]?.(value, verb) ?? { value };
}
