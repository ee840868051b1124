import { FLAG_NAME, HEADER_NAME, NAME } from "./secret-names.ts";

/** A pattern of a secret in text. What the group named `secret` matches is replaced, or all of it where there is none. */
export type SecretPattern = RegExp;

/** Stands between the arguments of a command while patterns look at all of them: white space, and no line's end of a shell. */
export const ARGUMENT_SEPARATOR = "\u2029";

/** What an earlier pattern took out already is not a secret. */
const NOT_REDACTED = String.raw`(?!["']?\[redacted )`;
/** A quoted space is where one quoted argument ends and another begins. */
const VALUE = String.raw`${NOT_REDACTED}(?!' ')(?<secret>"[^"]*"|'[^']*'|["']?[^\s"'&;,]+)`;

const SCHEME = "(?:bearer|basic|digest|negotiate|token)";

/** A secret that is told by its own form, and a text without which there is none. */
interface TokenForm {
  marker: string;
  pattern: SecretPattern;
}

const TOKEN_FORMS: readonly TokenForm[] = [
  {
    marker: "PRIVATE KEY",
    pattern: /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g,
  },
  // JSON Web Tokens (RFC 7519), whole or without their signature.
  { marker: "eyJ", pattern: /\beyJ[\w-]{6,}\.[\w-]{4,}(?:\.[\w-]*)?/g },
  {
    marker: "authorization",
    pattern: new RegExp(
      String.raw`\bauthorization["']?\s*[:=]\s*["']?(?:${SCHEME}\s+)?(?!${SCHEME}\s)${NOT_REDACTED}(?<secret>[^\s"']+)`,
      "gi",
    ),
  },
  { marker: "bearer", pattern: /\bbearer\s+(?<secret>[\w.~+/=-]{8,})/gi },
  // This product's own (lib/identity/tokens/format.ts).
  { marker: "kws?_", pattern: /\bkws?_[\w-]{20,}/g },
  // Access key ids of AWS and the tokens of well-known services.
  { marker: "A(?:KIA|SIA|ROA|IDA|GPA)", pattern: /\b(?:AKIA|ASIA|AROA|AIDA|AGPA)[A-Z0-9]{16}\b/g },
  {
    marker: "gh[pousr]_|github_pat_|glpat-|xox|npm_|[sr]k_live_",
    pattern:
      /\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeoprs]-[\w-]{10,}|npm_\w{30,}|[sr]k_live_\w{16,})/g,
  },
  // The password of a URL.
  {
    marker: "://",
    pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@"']{0,256}:(?<secret>[^\s/@"']{1,256})@/gi,
  },
];

/** Secrets that are told by their own form; precise enough for any text. Each is linear in the length of the text. */
export const TOKEN_PATTERNS: readonly SecretPattern[] = TOKEN_FORMS.map(({ pattern }) => pattern);

/** White space within one line, or between arguments. */
const BLANK = `[ \\t${ARGUMENT_SEPARATOR}]`;

/** `password=...`, `password = ...` */
export const ASSIGNMENT_PATTERNS: readonly SecretPattern[] = [
  new RegExp(String.raw`(?<![\w.-])${NAME}["']?(?:=|${BLANK}+=(?!=)${BLANK}*)${VALUE}`, "gi"),
];

/** What every text has in which a token's or an assignment's pattern finds something: one look spares most texts all others. */
export const MAY_HOLD_SECRET = new RegExp(["=", ...TOKEN_FORMS.map(({ marker }) => marker)].join("|"), "i");

/** A header as a line of a file. All that follows is its value; before other patterns, which would take the first word alone. */
export const HEADER_LINE: SecretPattern = new RegExp(
  String.raw`^[ \t"'-]*(?:${HEADER_NAME})["']?[ \t]*:[ \t]*["']?(?:${SCHEME}[ \t]+)?${NOT_REDACTED}(?<secret>[^\s"'][^\r\n]*)`,
  "gim",
);

/** Lines of configuration files: `spring.datasource.password: x`, `password = x`; entries of `{token: x}`. */
export const FILE_PATTERNS: readonly SecretPattern[] = [
  // A name begins with a word character: what comes before can be read one way only.
  new RegExp(String.raw`^[ \t"'-]*(?=\w)${NAME}["']?[ \t]*(?::=|[:=])[ \t]*${VALUE}`, "gim"),
  new RegExp(String.raw`[{,][ \t]*["']?(?=\w)${NAME}["']?[ \t]*:[ \t]*${VALUE}`, "gi"),
];

/** Whether there is a block scalar of YAML at all, and the line in which one begins that is a secret. */
export const BLOCK_SCALAR = /: *[|>]/;
export const BLOCK_SCALAR_HEADER = new RegExp(
  String.raw`^(?<name>(?<indent>[ -]*)["']?(?=\w)(?:${NAME}|${HEADER_NAME})["']?)[ \t]*:[ \t]*[|>][-+\d]{0,2}[ \t]*(?:#.*)?\r?$`,
  "i",
);

/** White space within one argument. */
const SPACE = String.raw`[ \t\r\n]`;
/** The same command still: what may stand between a program and its flag. */
const SAME_COMMAND = String.raw`[^|;&\n]{0,256}?`;

const HEADER_FLAG = `(?:-H${SPACE}?|--(?:proxy-)?header=)?`;

/** Headers in command lines, before other patterns: an argument that is one, or text in quotes. */
export const ARGUMENT_HEADERS: readonly SecretPattern[] = [
  new RegExp(
    String.raw`(?<=(?:^|${ARGUMENT_SEPARATOR})${HEADER_FLAG})(?:${HEADER_NAME}):${SPACE}*(?:${SCHEME}${SPACE}+)?${NOT_REDACTED}(?<secret>[^\s][^${ARGUMENT_SEPARATOR}]*)`,
    "gi",
  ),
  new RegExp(
    String.raw`["']${HEADER_FLAG}(?:${HEADER_NAME}):${SPACE}*(?:${SCHEME}${SPACE}+)?${NOT_REDACTED}(?<secret>[^\s"'][^"'\r\n${ARGUMENT_SEPARATOR}]*)`,
    "gi",
  ),
];

/** Whose -p is a port, a path or "preserve": `tar -pxf`, `mkdir -pv`, `ssh -p22`. Whoever else's may be a password. */
const OTHER_P = String.raw`\b(?:tar|cp|mkdir|install|rsync|ps|ss|netstat|lsof|ssh|scp|sftp|nc|nmap|psql|pg_dump|redis-cli)\s+(?:-\S{1,64}\s+){0,4}`;

/** What command lines say besides: `--token x`, `password: x`, `mysql -psecret`, `curl -u name:secret`, `vault login x`. */
export const ARGUMENT_PATTERNS: readonly SecretPattern[] = [
  new RegExp(String.raw`(?<![\w.-])--?${FLAG_NAME}(?:=|\s+)${VALUE}`, "gi"),
  new RegExp(String.raw`(?<![\w.-])${NAME}["']?${SPACE}*:${SPACE}*${VALUE}`, "gi"),
  new RegExp(
    String.raw`(?<![\w-])(?:set-)?cookie2?:[ \t]*${NOT_REDACTED}(?<secret>[^\s"'][^"'\r\n${ARGUMENT_SEPARATOR}]*)`,
    "gi",
  ),
  // kubectl create secret: a value, whatever its name.
  new RegExp(
    String.raw`--from-literal[= ]["']?[^\s=]{1,256}=${NOT_REDACTED}(?<secret>"[^"]*"|'[^']*'|\S+)`,
    "g",
  ),
  new RegExp(String.raw`(?<=^|\s)(?<!${OTHER_P})-p${NOT_REDACTED}(?<secret>[^\s=]\S*)`, "g"),
  new RegExp(
    String.raw`(?<=^|\s)(?:-u[ \t]*|--user[= ])(?!\d+:\d+(?:\s|$))[^\s:]{1,256}:${NOT_REDACTED}(?<secret>\S+)`,
    "g",
  ),
  new RegExp(String.raw`\bredis-cli\s${SAME_COMMAND}(?<=\s)-a\s*${VALUE}`, "g"),
  new RegExp(String.raw`\bvault\s+login(?:\s+-\S+){0,8}\s+(?!-|\w+=)${VALUE}`, "g"),
];

/** An argument that names a secret which the next argument holds. */
export const SECRET_FLAG = new RegExp(`^--?${FLAG_NAME}$`, "i");

/** An argument after which `name:password` may come (curl); of `docker -u 1000:1000` nothing is hidden. */
export const USER_FLAG = /^(?:-u|--user|--proxy-user)$/;
export const USER_AND_PASSWORD: SecretPattern = /^(?!\d+:\d+$)[^\s:]{1,256}:(?<secret>[\s\S]+)$/g;
