import { NAME, WORDS } from "./secret-names.ts";
import { FLAG_PATTERN, JOINED_P, type SecretPattern } from "./secret-patterns.ts";

// What a cluster, a webhook or a container runtime says in sentences: pieces of printed objects, and secrets told beside their names.

/** A text as a program prints it: quoted, quoted within quotes, or plain (`|` and what is taken for one follow). */
const PRINTED = String.raw`(?!["']?\[redacted )(?<secret>\\"(?:[^"\\]|\\[^"])*(?:\\"|$)|"(?:[^"\\]|\\.)*(?:"|$)|'[^']*'|\x60[^\x60]*\x60|`;
const QUOTED_ONLY = String.raw`(?=\\?["']|\x60)${PRINTED}(?!))`;

/** Environment variables: nobody writes `DB_TOKEN` of tokens in general. */
const VARIABLE = String.raw`(?<![\w.-])(?=[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?!\w))(?i:${NAME})(?!\w)`;
/** What sentences have between a variable and its value: `: `, ` -> `, ` has the value `, `, value=`, `, `. */
const HAS_VALUE = [
  String.raw`(?:,?\s{1,4}[vV]alue)?\s{0,4}(?::=|=>|->|[:=])\s{0,16}`,
  String.raw`\s(?:(?:is|was|has|with|to|of|set|the|value|equals)\s){1,4}(?!(?:required|missing|not|empty|unset|invalid|immutable|forbidden|deprecated|too|an?|in|from|no)\b)`,
  String.raw`\s{0,4},\s{0,4}`,
].join("|");
/** What is called `secret` in a sentence is an object (`secret "a" not found`). */
const SECRET_NAME = String.raw`(?<![\w.-])[\w.-]*(?:${WORDS})`;

/** `password=x` in a sentence, where nothing says that `,`, `;` or `&` is no part of it; before all other patterns. */
export const MESSAGE_ASSIGNMENT: SecretPattern = new RegExp(
  String.raw`(?<![\w.-])${NAME}["']?\s{0,4}(?::=|=>|->|==?)\s{0,4}(?:${PRINTED}[^\s"'\x60\\=]\S*))`,
  "gi",
);

export const MESSAGE_PATTERNS: readonly SecretPattern[] = [
  FLAG_PATTERN,
  JOINED_P,
  // A sentence has a space behind its colon.
  new RegExp(String.raw`(?<![\w.-])${NAME}(?:\\?["']\]?|\])?:(?:${PRINTED}[^\s"'&;,\\]+))`, "gi"),
  new RegExp(String.raw`(?<![\w.-])${NAME}(?:\\?["']\]?|\])?\s*:\s*${QUOTED_ONLY}`, "gi"),
  new RegExp(String.raw`${VARIABLE}["'\x60]?(?:${HAS_VALUE})(?:${PRINTED}[^\s"'\x60\\,;()]+))`, "g"),
  // `password "x"`, `token is 'x'`, `password (x)`.
  new RegExp(
    String.raw`${SECRET_NAME}(?:\s(?:is|was|value|of|has|as)){0,2}:?\s{1,4}(?!""|'')${QUOTED_ONLY}`,
    "gi",
  ),
  new RegExp(String.raw`(?<=${SECRET_NAME}:?\s[([])(?!redacted )(?<secret>[^\s)\]]+)(?=[)\]])`, "gi"),
  new RegExp(
    String.raw`(?<!\b(?:invalid|duplicate|unsupported|supported|required)\s)(?<![\w.-])value(?:\\?["'])?\s*[:=]\s*${QUOTED_ONLY}`,
    "gi",
  ),
  /(?<![\w.-])value=(?!\[redacted |["'])(?<secret>[^\s,;)]+)/gi,
  /^[ \t-]*["']?value["']?[ \t]*:[ \t]*(?!\[redacted )(?<secret>\S[^\r\n]*)/gim,
  // What a parser could not read: `strconv.Atoi: parsing "x"`, yaml's `cannot unmarshal !!str x into int` with x in backquotes.
  new RegExp(String.raw`\b(?:parsing(?: time)?|cannot unmarshal [!\w]{1,32}) ${QUOTED_ONLY}`, "g"),
];
