/** A pattern of a secret in text. What the group named `secret` matches is replaced, or all of it where there is none. */
export type SecretPattern = RegExp;

const NAME = String.raw`[\w.-]*(?:passw(?:or)?d|passphrase|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credentials?)`;
/** What an earlier pattern took out already is not a secret. */
const NOT_REDACTED = String.raw`(?!["']?\[redacted )`;
const VALUE = String.raw`${NOT_REDACTED}(?<secret>"[^"]*"|'[^']*'|[^\s"'&;,]+)`;

const SCHEME = "(?:bearer|basic|digest|negotiate|token)";

/** Secrets that are told by their own form; precise enough for any text. Each is linear in the length of the text. */
export const TOKEN_PATTERNS: readonly SecretPattern[] = [
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g,
  // JSON Web Tokens (RFC 7519), whole or without their signature.
  /\beyJ[\w-]{6,}\.[\w-]{4,}(?:\.[\w-]*)?/g,
  new RegExp(
    String.raw`\bauthorization["']?\s*[:=]\s*["']?(?:${SCHEME}\s+)?(?!${SCHEME}\s)${NOT_REDACTED}(?<secret>[^\s"']+)`,
    "gi",
  ),
  /\bbearer\s+(?<secret>[\w.~+/=-]{8,})/gi,
  // This product's own (lib/identity/tokens/format.ts).
  /\bkws?_[\w-]{20,}/g,
  // Access key ids of AWS and the tokens of well-known services.
  /\b(?:AKIA|ASIA|AROA|AIDA|AGPA)[A-Z0-9]{16}\b/g,
  /\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeoprs]-[\w-]{10,}|npm_\w{30,}|[sr]k_live_\w{16,})/g,
  // The password of a URL.
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@"']{0,256}:(?<secret>[^\s/@"']{1,256})@/gi,
];

/** `password=...` */
export const ASSIGNMENT_PATTERNS: readonly SecretPattern[] = [
  new RegExp(String.raw`(?<![\w.-])${NAME}["']?=${VALUE}`, "gi"),
];

/** Lines of configuration files: `spring.datasource.password: x`. */
export const FILE_PATTERNS: readonly SecretPattern[] = [
  // A name begins with a word character: what comes before can be read one way only.
  new RegExp(String.raw`^[ \t"'-]*(?=\w)${NAME}["']?[ \t]*:[ \t]*${VALUE}`, "gim"),
];

/** What command lines say besides: `--token x`, `password: x`, `mysql -psecret`, `curl -u name:secret`. */
export const ARGUMENT_PATTERNS: readonly SecretPattern[] = [
  new RegExp(String.raw`(?<![\w.-])--?${NAME}(?:=|\s+)${VALUE}`, "gi"),
  new RegExp(String.raw`(?<![\w.-])${NAME}["']?\s*:\s*${VALUE}`, "gi"),
  // kubectl create secret: a value, whatever its name.
  /--from-literal[= ]["']?[^\s=]{1,256}=(?<secret>"[^"]*"|'[^']*'|\S+)/g,
  /(?<=^|\s)-p(?<secret>[^\s=][^\s]*)/g,
  /(?<=^|\s)(?:-u\s*|--user[= ])[^\s:]{1,256}:(?<secret>\S+)/g,
];

/** An argument that names a secret which the next argument holds. */
export const SECRET_FLAG = new RegExp(`^--?${NAME}$`, "i");

/** An argument after which `name:password` may come (curl); of `docker -u 1000:1000` nothing is hidden. */
export const USER_FLAG = /^(?:-u|--user|--proxy-user)$/;
export const USER_AND_PASSWORD: SecretPattern = /^(?!\d+:\d+$)[^\s:]{1,256}:(?<secret>[\s\S]+)$/g;
