import vm from "node:vm";
import { redactedText } from "./mark.ts";
import { redactBlockScalars } from "./redact-block-scalars.ts";
import {
  ARGUMENT_HEADERS,
  ARGUMENT_PATTERNS,
  ARGUMENT_SEPARATOR,
  ASSIGNMENT_PATTERNS,
  FILE_COLLECTION,
  FILE_PATTERNS,
  HEADER_LINE,
  MAY_HOLD_SECRET,
  SECRET_FLAG,
  type SecretPattern,
  TOKEN_PATTERNS,
  USER_AND_PASSWORD,
  USER_FLAG,
} from "./secret-patterns.ts";
import { UnchangedTexts } from "./unchanged-texts.ts";

/** Longer texts are cut: no pattern of an administrator's sees more (UTF-16 units). */
export const MAX_REDACTED_LENGTH = 8_192;
/** What one administrator's pattern may take of a processor for one text. Regular expressions can take exponential time. */
const PATTERN_TIMEOUT_MS = 50;

/** One look spares most texts a slower one. */
const COLLECTION_BEGINS = /[:=][ \t]*[[{]/;

/** Takes the secrets out of texts that go on the record. */
export interface TextRedactor {
  /** For messages, names and other prose. */
  redactText(text: string): string;
  /** For the arguments of a command (exec): as many come back; what they say together, as one line, holds no secret either. */
  redactArguments(args: readonly string[]): string[];
}

/** `patterns`: the administrator's, for arguments; each match is replaced (or its group named `secret`). */
export function createTextRedactor(patterns: readonly RegExp[] = []): TextRedactor {
  const own = patterns.map((pattern) => new RegExp(pattern.source, globalFlags(pattern)));
  const commands = new UnchangedTexts();
  const redactArguments = (args: readonly string[]) =>
    redactLine(args.map((argument, index) => redactAfterFlag(argument, args[index - 1] ?? ""))).map(
      (argument) => redactOwn(argument, own),
    );
  return {
    redactText,
    redactArguments(args) {
      const [only] = args;
      if (only === undefined || args.length > 1) return redactArguments(args);
      if (commands.has(only)) return [only];
      const redacted = redactArguments(args);
      if (redacted[0] === only) commands.add(only);
      return redacted;
    },
  };
}

const texts = new UnchangedTexts();

function redactText(text: string): string {
  if (texts.has(text)) return text;
  const redacted = redactKnownSecrets(bounded(text));
  if (redacted === text) texts.add(text);
  return redacted;
}

/** One whose patterns are asked for at each text, and compiled where they are others than before. */
export function createChangingRedactor(patterns: () => readonly RegExp[]): TextRedactor {
  let compiled = patterns();
  let redactor = createTextRedactor(compiled);
  const current = () => {
    const wanted = patterns();
    if (wanted !== compiled) [compiled, redactor] = [wanted, createTextRedactor(wanted)];
    return redactor;
  };
  return {
    redactText: (text) => current().redactText(text),
    redactArguments: (args) => current().redactArguments(args),
  };
}

function redactAfterFlag(argument: string, before: string): string {
  if (SECRET_FLAG.test(before)) return redactedText(argument);
  const text = bounded(argument).replaceAll(ARGUMENT_SEPARATOR, " ");
  return USER_FLAG.test(before) ? redactWith(text, [USER_AND_PASSWORD]) : text;
}

/** Looks at all arguments as one line: what a secret is can be said in another argument than the secret's own. */
function redactLine(args: readonly string[]): string[] {
  if (args.length === 0) return [];
  const line = redactWith(args.join(ARGUMENT_SEPARATOR), ARGUMENT_HEADERS);
  return redactWith(redactKnownSecrets(line), ARGUMENT_PATTERNS).split(ARGUMENT_SEPARATOR);
}

/** For messages: replaces what is told to be a secret by its own form or by `password=`. */
export function redactKnownSecrets(text: string): string {
  if (!MAY_HOLD_SECRET.test(text)) return text;
  return redactWith(redactWith(text, TOKEN_PATTERNS), ASSIGNMENT_PATTERNS);
}

/** For text within an object, which may be a whole file. */
export function redactFileText(text: string): string {
  const lines = redactWith(redactBlockScalars(text), [HEADER_LINE]);
  const blocks = COLLECTION_BEGINS.test(lines) ? redactWith(lines, [FILE_COLLECTION]) : lines;
  return redactWith(redactKnownSecrets(blocks), FILE_PATTERNS);
}

function bounded(text: string): string {
  return text.length <= MAX_REDACTED_LENGTH ? text : `${text.slice(0, MAX_REDACTED_LENGTH)}…`;
}

const globalFlags = (pattern: RegExp): string => [...new Set(`${pattern.flags.replace("y", "")}g`)].join("");

/** Replaces what the patterns find. */
export function redactWith(text: string, patterns: readonly SecretPattern[]): string {
  return patterns.reduce((result, pattern) => result.replace(pattern, replaceSecret), text);
}

type ReplaceArguments = [match: string, ...rest: unknown[]];

/** The replacement for String.replace: the whole match, or the group `secret` within it. */
function replaceSecret(...[match, ...rest]: ReplaceArguments): string {
  const groups = rest.at(-1);
  const secret = typeof groups === "object" ? (groups as { secret?: string }).secret : undefined;
  if (secret === undefined) return redactedParts(match);
  // The secret stands last but for what closes it: a value is never before its name.
  const at = match.lastIndexOf(secret);
  return match.slice(0, at) + redactedParts(secret) + match.slice(at + secret.length);
}

/** A secret that goes on through several arguments is taken out of each. */
const redactedParts = (secret: string): string =>
  secret.includes(ARGUMENT_SEPARATOR)
    ? secret.split(ARGUMENT_SEPARATOR).map(redactedText).join(ARGUMENT_SEPARATOR)
    : redactedText(secret);

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
