import { CLIENT_PATTERNS } from "./client-patterns.ts";
import { COLLECTION_NAME, FLAG_NAME, HEADER_NAME, NAME, WORDS } from "./secret-names.ts";

/** A pattern of a secret in text. What the group named `secret` matches is replaced, or all of it where there is none. */
export type SecretPattern = RegExp;

/** Stands between the arguments of a command while patterns look at all of them: white space, and no line's end of a shell. */
export const ARGUMENT_SEPARATOR = "\u2029";

/** What an earlier pattern took out already is not a secret. */
const NOT_REDACTED = String.raw`(?!["']?\[redacted )`;
/** TOML's texts of several lines. */
const TEXT_BLOCK = String.raw`"""[\s\S]*?(?:"""|(?![\s\S]))|'''[\s\S]*?(?:'''|(?![\s\S]))`;
/** A quoted space is where one quoted argument ends and another begins. */
const VALUE = String.raw`${NOT_REDACTED}(?!' ')(?<secret>${TEXT_BLOCK}|"[^"]*"|'[^']*'|["']?[^\s"'&;,]+)`;
/** A list or an object on one line: `[a, b]`, `{a: b}`. */
const COLLECTION = String.raw`(?!\[redacted )(?<secret>\[[^\r\n]{0,4096}\]|\[[^\]]{0,4096}\]?|\{[^\r\n]{0,4096}\}|\{[^}]{0,4096}\}?)`;

const SCHEME = "(?:bearer|basic|digest|negotiate|token)";

/** A secret that is told by its own form, and a text without which there is none. */
interface TokenForm {
  marker: string;
  pattern: SecretPattern;
}

const TOKEN_FORMS: readonly TokenForm[] = [
  {
    marker: "PRIVATE KEY",
    pattern:
      /-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----|$)/g,
  },
  // The same in base64, and keys of age.
  {
    marker: "LS0tLS1CRUdJTi|AGE-SECRET",
    pattern:
      /(?:LS0tLS1CRUdJTi(?:BQUklWQVRF|BSU0Eg|BFQyB|BPUEVOU1NI|BFTkNSWVBURUQg|BEU0Eg|BQR1AgUFJJ)[\w+/=]*|AGE-SECRET-KEY-1[A-Z0-9]{20,})/g,
  },
  // What is packed cannot be searched: a release of Helm's is gzip in base64, and holds the values it was installed with.
  { marker: "H4sI|SDRzSU", pattern: /\b(?:H4sI|SDRzSU)[\w+/=]{20,}/g },
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
  { marker: "kw[sp]?_", pattern: /\bkw[sp]?_[\w-]{20,}/g },
  // Access key ids of AWS and the tokens of well-known services.
  { marker: "A(?:KIA|SIA|ROA|IDA|GPA)", pattern: /\b(?:AKIA|ASIA|AROA|AIDA|AGPA)[A-Z0-9]{16}\b/g },
  {
    marker: "gh[pousr]_|github_pat_|glpat-|xox|npm_|[sr]k_live_|hv[bs]\\.|dckr_pat_",
    pattern:
      /\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeoprs]-[\w-]{10,}|npm_\w{30,}|[sr]k_live_\w{16,}|hv[bs]\.[\w-]{20,}|dckr_pat_[\w-]{20,})/g,
  },
  // Whoever has the address may write there: it is the credential.
  { marker: "hooks\\.slack\\.com", pattern: /\bhooks\.slack\.com\/services\/(?<secret>[\w/]{10,})/g },
  // The password of a URL.
  {
    marker: "://",
    pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@"']{0,256}:(?<secret>[^\s/@"']{1,256})@/gi,
  },
  // What stands alone before the host of a web address is a token (`https://TOKEN@github.com/...`).
  { marker: "://", pattern: /\bhttps?:\/\/(?!\[redacted )(?<secret>[^\s:/@"'#?]{1,256})@/gi },
  // SQL: `ALTER USER a PASSWORD 'x'`, `IDENTIFIED BY 'x'`, `IDENTIFIED WITH plugin BY 'x'`, `SET PASSWORD = PASSWORD('x')`.
  {
    marker: "password|identified",
    pattern:
      /(?<=\b(?:alter|create|grant|set|user|role|encrypted)\b[^;|&]{0,256})\b(?:password|identified\s+(?:with\s+\S{1,64}\s+)?(?:by|as)(?:\s+password)?)(?:\s+|\s*\(\s*)(?!\\?["']\[redacted )(?<secret>\\?'(?:[^'\\]|\\[^'])*'|\\?"(?:[^"\\]|\\[^"])*")/gi,
  },
  // `<password>x</password>`, and Hadoop's `<name>a.password</name><value>x</value>`.
  {
    marker: "</",
    pattern: new RegExp(
      String.raw`<(?:[\w.-]{1,64}:)?[\w.-]*(?:${WORDS})(?:\s[^<>]{0,256})?>(?!\[redacted )(?<secret>[^<]+)`,
      "gi",
    ),
  },
  {
    marker: "</",
    pattern: new RegExp(
      String.raw`(?<=<name>\s{0,16}[\w.-]{0,256}(?:${WORDS})\s{0,16}</name>\s{0,64}<value>)(?!\[redacted )(?<secret>[^<]+)`,
      "gi",
    ),
  },
  // RFC 7617, with its header or without.
  {
    marker: "basic",
    pattern: /\b[bB]asic\s(?=[a-z+/]*[0-9A-Z=])(?<secret>[A-Za-z0-9+/]{8,}={0,2})(?![\w-])/g,
  },
  // netrc(5) and redis.conf.
  {
    marker: "login|requirepass|masterauth",
    pattern:
      /(?<=\blogin\s{1,8}\S{1,128}\s{1,8}password\s{1,8}|^\s{0,8}(?:requirepass|masterauth)\s{1,8})(?!["']?\[redacted )(?<secret>[^\s=:]\S*)/gm,
  },
  // `auth` of a dockerconfigjson: name and password in base64.
  {
    marker: "auth",
    pattern:
      /\b[aA]uth\\?["']?\s*[:=]\s*\\?["']?(?=[a-z0-9+/]*[A-Z=])(?<secret>[A-Za-z0-9+/]{8,}={0,2})(?![\w-])/g,
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

/** Lists and objects under such a name on one line; before the others, which would take their first word alone. */
export const FILE_COLLECTION: SecretPattern = new RegExp(
  String.raw`(?:^[ \t"'-]*|[{,][ \t]*["']?)(?=\w)${COLLECTION_NAME}["']?[ \t]*[:=][ \t]*(?![[{]\s{0,64}["']?(?:name|key|valueFrom|secretKeyRef|secretName|path)["']?\s*:)${COLLECTION}`,
  "gim",
);

/** Whether there is a block scalar of YAML at all, and the line in which one begins that is a secret. */
export const BLOCK_SCALAR = /: *(?:[|>]|\r?\n|#)/;
/** A name with nothing behind it: what is in the lines below belongs to it. */
export const COLLECTION_HEADER = new RegExp(
  String.raw`^(?<name>(?<indent>[ -]*)["']?(?=\w)${COLLECTION_NAME}["']?)[ \t]*:[ \t]*(?:#.*)?\r?$`,
  "i",
);
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
const OTHER_P_PROGRAM = [
  "tar|cp|mkdir|install|rsync|cpio|touch|ps|ss|netstat|lsof|ssh|ssh-copy-id|scp|sftp|nc|ncat|nmap|psql|pg_\\w+|createdb",
  "redis-(?:cli|server|benchmark)|read|patch|unzip|perl|bash|pytest|taskset|renice|ionice|perf|strace|gdb|make|python[\\d.]*",
  "(?:git|cargo|tmux|kubectl|pip|dotnet)(?:\\s+[a-z]{1,32})?",
].join("|");
const OTHER_P = String.raw`\b(?:${OTHER_P_PROGRAM})\s+(?:-\S{1,64}\s+){0,4}`;
/** A port, a mapping of ports, a path, another flag: what -p has where it is no password's. */
const PORT_OR_PATH = String.raw`(?:\d{1,5}(?::\d{1,5}){0,2}(?:\/\w+)?(?=$|\s)|[./~-])`;
/** Programs whose -p is a password, whatever it looks like. */
const PASSWORD_P = String.raw`\b(?:sshpass|az|mysql\w*|mariadb\w*|mongo\w*|cqlsh|cypher-shell|(?:docker|podman|nerdctl|helm|oc|cf|skopeo|buildah|oras|crane)(?:\s+[a-z]{1,16}){0,2}\s+login)\s`;

/** Programs that read a password from their standard input. */
const READS_PASSWORD = String.raw`(?:chpasswd|passwd|su(?=\s|$)|sudo\s+-\w*S|cryptsetup|(?:docker|podman|nerdctl|helm|oras|skopeo)\s[^|;&]{0,128}login|openssl\s+passwd|kinit|htpasswd)`;

/** `--token x` of any program. */
export const FLAG_PATTERN: SecretPattern = new RegExp(
  String.raw`(?<![\w.-])--?${FLAG_NAME}(?:=|\s+)${VALUE}`,
  "gi",
);

/** `mysql -psecret`, but no `tar -pxf`. */
export const JOINED_P: SecretPattern = new RegExp(
  String.raw`(?<=^|\s)(?<!${OTHER_P})-p${NOT_REDACTED}(?<secret>[^\s=]\S*)`,
  "g",
);

/** What command lines say besides, in programs' own ways: `mysql -psecret`, `curl -u name:secret`, `vault login x`. */
const PROGRAM_PATTERNS: readonly SecretPattern[] = [
  new RegExp(
    String.raw`(?<![\w-])(?:set-)?cookie2?:[ \t]*${NOT_REDACTED}(?<secret>[^\s"'][^"'\r\n${ARGUMENT_SEPARATOR}]*)`,
    "gi",
  ),
  // kubectl create secret: a value, whatever its name.
  new RegExp(
    String.raw`--from-literal[= ]["']?[^\s=]{1,256}=${NOT_REDACTED}(?<secret>"[^"]*"|'[^']*'|\S+)`,
    "g",
  ),
  JOINED_P,
  // As two arguments.
  new RegExp(
    String.raw`(?<=^|\s)(?<!${OTHER_P})-p${ARGUMENT_SEPARATOR}(?!${PORT_OR_PATH})${NOT_REDACTED}(?<secret>[^${ARGUMENT_SEPARATOR}]+)`,
    "g",
  ),
  new RegExp(String.raw`${PASSWORD_P}${SAME_COMMAND}(?<=\s)-p(?:=|\s+)(?!-)${VALUE}`, "g"),
  new RegExp(String.raw`(?<=^|\s)(?<!${OTHER_P})-p\s+(?!${PORT_OR_PATH})${VALUE}`, "g"),
  // Redis' own commands, and settings that are given as name and value (`aws configure set aws_secret_access_key x`).
  new RegExp(
    String.raw`\bredis-cli\s${SAME_COMMAND}(?<=\s)auth${BLANK}+${NOT_REDACTED}(?<secret>[^\s|;&]+(?:${BLANK}+[^\s|;&-][^\s|;&]*)?)`,
    "gi",
  ),
  new RegExp(
    String.raw`\b(?:config(?:ure)?\s+)?set\s+(?!password\s+for\s)(?:--?\w[\w-]{0,32}\s+){0,4}(?:\S{0,256}[:/])?${NAME}\s+${VALUE}`,
    "gi",
  ),
  new RegExp(String.raw`\brequirepass\s+${VALUE}`, "gi"),
  new RegExp(
    String.raw`\bsecrets?(?:manager)?\s+\w[\w-]{0,32}\s${SAME_COMMAND}(?<=\s)--(?:value|body|secret-string|data)(?:=|\s+)${VALUE}`,
    "gi",
  ),
  // What is piped into a program that reads a password, or given to it as a here-string or here-document.
  new RegExp(
    String.raw`\b(?:echo|printf)\s+(?:-\w{1,3}\s+)?${NOT_REDACTED}(?<secret>[^|;\s][^|;]{0,1024}?)(?=\s*\|\s*(?:[\w/.-]{1,64}\s+){0,2}(?:[\w/.-]{0,64}/)?${READS_PASSWORD})`,
    "g",
  ),
  new RegExp(String.raw`\b${READS_PASSWORD}[^|;&\n<]{0,256}<<<\s*${VALUE}`, "g"),
  new RegExp(
    String.raw`\b${READS_PASSWORD}[^|;&\n<]{0,256}<<-?\s*["']?\w{1,32}["']?\s*\n(?!\[redacted )(?<secret>[\s\S]+)`,
    "g",
  ),
  new RegExp(
    String.raw`(?<=^|\s)(?:-u[ \t]*|--user[= ])(?!\d+:\d+(?:\s|$))[^\s:]{1,256}:${NOT_REDACTED}(?<secret>\S+)`,
    "g",
  ),
  new RegExp(String.raw`\bredis-cli\s${SAME_COMMAND}(?<=\s)-a\s*${VALUE}`, "g"),
  new RegExp(String.raw`\bvault\s+login(?:\s+-\S+){0,8}\s+(?!-|\w+=)${VALUE}`, "g"),
];

/** All that is looked for in the arguments of a command: `--token x`, `password: x`, programs' own ways. */
export const ARGUMENT_PATTERNS: readonly SecretPattern[] = [
  ...CLIENT_PATTERNS,
  FLAG_PATTERN,
  new RegExp(String.raw`(?<![\w.-])${NAME}["']?${SPACE}*:${SPACE}*${VALUE}`, "gi"),
  ...PROGRAM_PATTERNS,
];

/** An argument that names a secret which the next argument holds. */
export const SECRET_FLAG = new RegExp(`^--?${FLAG_NAME}$`, "i");

/** An argument after which `name:password` may come (curl); of `docker -u 1000:1000` nothing is hidden. */
export const USER_FLAG = /^(?:-u|--user|--proxy-user)$/;
export const USER_AND_PASSWORD: SecretPattern = /^(?!\d+:\d+$)[^\s:]{1,256}:(?<secret>[\s\S]+)$/g;
