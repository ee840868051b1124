import { isIP } from "node:net";
import { z } from "zod";
import { isSeen } from "../names/schema.ts";

// A value comes as YAML made it (number, boolean, list) or as an environment variable's text; each schema takes both.

/** A schema and the words that an error and the documentation use for what it takes. */
export interface ValueKind<T> {
  schema: z.ZodType<T>;
  takes: string;
  /** All that it takes, where that is a few words. */
  choices?: readonly string[];
  /** What is wrong with the parts of a value that has some: one line each, which name the part. */
  explain?: (got: unknown, origin: string) => string[];
}

const numberOrText = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number),
]);

export function wholeNumber(min: number, max: number, takes: string): ValueKind<number> {
  return { takes, schema: numberOrText.pipe(z.int().min(min).max(max)) };
}

export const portNumber = wholeNumber(1, 65_535, "a port number from 1 to 65535");

export const yesOrNo: ValueKind<boolean> = {
  takes: "true or false",
  choices: ["true", "false"],
  schema: z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]),
};

export function oneOf<const T extends readonly [string, ...string[]]>(values: T): ValueKind<T[number]> {
  const takes = `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;
  return { takes, choices: values, schema: z.enum(values) as unknown as z.ZodType<T[number]> };
}

export function text(takes: string, minimumLength = 1): ValueKind<string> {
  return { takes, schema: z.string().trim().min(minimumLength) };
}

export function shortText(takes: string, maximumLength: number): ValueKind<string> {
  return { takes, schema: z.string().trim().min(1).max(maximumLength) };
}

/** One line of words that people read. */
export function shownLine(takes: string, maximumLength: number): ValueKind<string> {
  const line = z.string().trim().min(1).max(maximumLength);
  return { takes, schema: line.refine(isSeen) };
}

/** Scheme, host and port of an http(s) address; normalised to have no trailing slash. */
export const origin: ValueKind<string> = {
  takes: "an http or https address without a path, such as https://audit.example.com",
  schema: z.string().transform((value, context) => {
    const url = parseUrl(value);
    if (url && /^https?:$/.test(url.protocol) && url.pathname === "/" && !url.search && !url.username)
      return url.origin;
    return refuse(context);
  }),
};

/** An OpenID Connect issuer identifier (OpenID Connect Discovery 1.0, section 2): kept to the letter. */
export const issuerAddress: ValueKind<string> = {
  takes:
    "the identity provider's https address, such as https://login.example.com (http only on this machine)",
  schema: z.string().transform((value, context) => {
    const url = parseUrl(value);
    if (!url || url.search || url.hash) return refuse(context);
    return url.protocol === "https:" || (url.protocol === "http:" && isThisMachine(url))
      ? value
      : refuse(context);
  }),
};

export const postgresUrl: ValueKind<string> = {
  takes: "postgresql://user:password@host:port/database",
  schema: z.string().refine((value) => /^postgres(ql)?:$/.test(parseUrl(value)?.protocol ?? "")),
};

const UNITS_MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A length of time; milliseconds. */
export const duration: ValueKind<number> = {
  takes: "a length of time such as 90m, 12h or 7d",
  schema: z.string().transform((value, context) => {
    const [, count, unit] = /^(\d+)([smhd])$/.exec(value.trim()) ?? [];
    const milliseconds = Number(count) * (UNITS_MS[unit ?? ""] ?? Number.NaN);
    return Number.isSafeInteger(milliseconds) && milliseconds > 0 ? milliseconds : refuse(context);
  }),
};

/** A length of time within bounds; milliseconds. */
export function durationWithin(leastMs: number, mostMs: number, takes: string): ValueKind<number> {
  return { takes, schema: duration.schema.refine((value) => value >= leastMs && value <= mostMs) };
}

const UNITS_BYTES: Record<string, number> = {
  "": 1,
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** A size; bytes. */
export const byteSize: ValueKind<number> = {
  takes: "a size such as 512MiB or 2GiB, at least 1MiB",
  schema: z.union([z.number(), z.string()]).transform((value, context) => {
    const [, count, unit] = /^(\d+(?:\.\d+)?) ?([A-Za-z]*)$/.exec(String(value).trim()) ?? [];
    const bytes = Math.round(Number(count) * (UNITS_BYTES[unit ?? ""] ?? Number.NaN));
    return Number.isSafeInteger(bytes) && bytes >= 2 ** 20 ? bytes : refuse(context);
  }),
};

const ENCRYPTION_KEY_BYTES = 32;

export const encryptionKey: ValueKind<string> = {
  takes: "32 bytes in base64, such as the output of openssl rand -base64 32",
  schema: z.string().refine((value) => {
    const bytes = Buffer.from(value, "base64");
    return bytes.length === ENCRYPTION_KEY_BYTES && bytes.toString("base64") === value;
  }),
};

/** A YAML list, or text with commas. */
export function listOf<T>(item: ValueKind<T>, takes: string): ValueKind<T[]> {
  const fromText = z.string().transform((value) =>
    value
      .split(",")
      .map((part) => part.trim())
      .filter(Boolean),
  );
  return { takes, schema: z.union([z.array(z.unknown()), fromText]).pipe(z.array(item.schema)) };
}

/** An IP address or a CIDR range, as text. */
export const addressRange: ValueKind<string> = {
  takes: "an IP address or a CIDR range such as 10.0.0.0/8",
  schema: z.string().refine((value) => {
    const [address = "", bits, ...rest] = value.split("/");
    const width = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
    if (width === 0 || rest.length > 0) return false;
    return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= width);
  }),
};

/** A JavaScript regular expression; a YAML list, or one expression a line in text (an expression may hold commas). */
export const expressionList: ValueKind<RegExp[]> = {
  takes: "a list of JavaScript regular expressions",
  schema: z
    .union([z.array(z.string()), z.string().transform((value) => value.split("\n").filter(Boolean))])
    .transform((sources, context) => sources.map((source) => compileExpression(source) ?? refuse(context))),
};

/** A bucket of S3's (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html). */
export const bucketName: ValueKind<string> = {
  takes: "the name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens",
  schema: z
    .string()
    .trim()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
};

/** What the names of objects begin with; ends with a slash, or is empty. */
export const objectPrefix: ValueKind<string> = {
  takes: "letters, digits, dots, hyphens, underscores and slashes, such as kubewitness/",
  schema: z
    .string()
    .trim()
    .max(200)
    .regex(/^(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*(?:[A-Za-z0-9_-][A-Za-z0-9._-]*)?$/)
    .transform((prefix) => (prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`)),
};

const DOMAIN = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** What stands after the @ of an address; in lower case. */
export const emailDomain: ValueKind<string> = {
  takes: "a domain such as example.com, without an @",
  schema: z
    .string()
    .trim()
    .transform((text) => text.toLowerCase())
    .pipe(z.string().regex(DOMAIN)),
};

/** A SAML entity ID (SAML 2.0 Core, section 8.3.6): a URI, kept to the letter. */
export const entityId: ValueKind<string> = {
  takes: "the entity ID of the identity provider, a URI of at most 1024 characters",
  schema: z
    .string()
    .trim()
    .max(1_024)
    .refine((text) => URL.canParse(text)),
};

/** Names by id: a YAML map, or text as `id=name`, with commas between them. */
export const namesById: ValueKind<Record<string, string>> = {
  takes: "names of 1 to 200 characters by id, such as 7c0e...: Payments",
  schema: z
    .union([
      z.record(z.string(), z.unknown()),
      z.string().transform((text) =>
        Object.fromEntries(
          text
            .split(",")
            .filter((part) => part.trim() !== "")
            .map((part) => [part.split("=")[0]?.trim() ?? "", part.split("=").slice(1).join("=")]),
        ),
      ),
    ])
    .pipe(z.record(z.string().min(1).max(200), z.string().trim().min(1).max(200)))
    .refine((names) => Object.keys(names).length <= 5_000),
};

/** Any http(s) address that a server is asked at: https, or http on this machine. */
export const webAddress: ValueKind<string> = {
  takes: "an https address (http only on this machine)",
  schema: z.string().refine((text) => {
    const url = parseUrl(text);
    if (!url || url.username || url.password) return false;
    return url.protocol === "https:" || (url.protocol === "http:" && isThisMachine(url));
  }),
};

const isThisMachine = ({ hostname }: URL) => ["localhost", "127.0.0.1", "[::1]"].includes(hostname);

function compileExpression(source: string): RegExp | undefined {
  try {
    return new RegExp(source, "g");
  } catch {
    return undefined;
  }
}

function parseUrl(value: string): URL | undefined {
  return URL.canParse(value) ? new URL(value) : undefined;
}

function refuse(context: z.RefinementCtx): never {
  context.addIssue({ code: "custom", message: "refused" });
  return z.NEVER;
}
