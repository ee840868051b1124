import vm from "node:vm";
import { redactedText } from "./mark.ts";
import {
  ARGUMENT_PATTERNS,
  ASSIGNMENT_PATTERNS,
  FILE_PATTERNS,
  SECRET_FLAG,
  type SecretPattern,
  TOKEN_PATTERNS,
  USER_AND_PASSWORD,
  USER_FLAG,
} from "./secret-patterns.ts";

/** Longer texts are cut: no pattern of an administrator's sees more (UTF-16 units). */
export const MAX_REDACTED_LENGTH = 8_192;
/** What one administrator's pattern may take of a processor for one text. Regular expressions can take exponential time. */
const PATTERN_TIMEOUT_MS = 50;

/** Takes the secrets out of texts that go on the record. */
export interface TextRedactor {
  /** For messages and other prose. */
  redactText(text: string): string;
  /** For the arguments of a command (exec), one by one: a flag's value may be the argument after it. */
  redactArguments(args: readonly string[]): string[];
}

/** `patterns`: the administrator's, for arguments; each match is replaced (or its group named `secret`). */
export function createTextRedactor(patterns: readonly RegExp[] = []): TextRedactor {
  const own = patterns.map((pattern) => new RegExp(pattern.source, globalFlags(pattern)));
  return {
    redactText: (text) => redactKnownSecrets(bounded(text)),
    redactArguments(args) {
      return args.map((argument, index) => {
        const before = index > 0 ? args[index - 1]! : "";
        if (SECRET_FLAG.test(before)) return redactedText(argument);
        if (USER_FLAG.test(before)) return redactWith(bounded(argument), [USER_AND_PASSWORD]);
        return redactOwn(redactWith(redactKnownSecrets(bounded(argument)), ARGUMENT_PATTERNS), own);
      });
    },
  };
}

/** For messages: replaces what is told to be a secret by its own form or by `password=`. */
export function redactKnownSecrets(text: string): string {
  return redactWith(redactWith(text, TOKEN_PATTERNS), ASSIGNMENT_PATTERNS);
}

/** For text within an object, which may be a whole file. */
export function redactFileText(text: string): string {
  return redactWith(redactKnownSecrets(text), FILE_PATTERNS);
}

function bounded(text: string): string {
  return text.length <= MAX_REDACTED_LENGTH ? text : `${text.slice(0, MAX_REDACTED_LENGTH)}…`;
}

const globalFlags = (pattern: RegExp): string => [...new Set(`${pattern.flags.replace("y", "")}g`)].join("");

function redactWith(text: string, patterns: readonly SecretPattern[]): string {
  return patterns.reduce((result, pattern) => result.replace(pattern, replaceSecret), text);
}

type ReplaceArguments = [match: string, ...rest: unknown[]];

/** The replacement for String.replace: the whole match, or the group `secret` within it. */
function replaceSecret(...[match, ...rest]: ReplaceArguments): string {
  const groups = rest.at(-1);
  const secret = typeof groups === "object" ? (groups as { secret?: string }).secret : undefined;
  if (secret === undefined) return redactedText(match);
  // The secret stands last but for what closes it: a value is never before its name.
  const at = match.lastIndexOf(secret);
  return match.slice(0, at) + redactedText(secret) + match.slice(at + secret.length);
}

function redactOwn(text: string, patterns: readonly RegExp[]): string {
  return patterns.reduce((result, pattern) => replaceWithinTime(result, pattern), text);
}

const REPLACE = new vm.Script("text.replace(pattern, replacement)");

/** A pattern that does not finish in time may have missed a secret: then nothing of the text is kept. */
function replaceWithinTime(text: string, pattern: RegExp): string {
  const context = vm.createContext({ text, pattern, replacement: replaceSecret });
  const begun = process.threadCpuUsage();
  for (;;) {
    try {
      return REPLACE.runInContext(context, { timeout: PATTERN_TIMEOUT_MS }) as string;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
      const { user, system } = process.threadCpuUsage(begun);
      // On a busy machine the time may have passed without the pattern's turn; then it has another.
      if (user + system >= PATTERN_TIMEOUT_MS * 1_000) return redactedText(text);
    }
  }
}
