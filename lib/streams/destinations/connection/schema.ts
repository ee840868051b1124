import { z } from "zod";
import type { DestinationField } from "../destination/schema.ts";

// Browser-safe: what destinations that are reached by a network have in common.

const PEM = /^-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----\s*$/;
const KEY = /^-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----[\s\S]+-----END (?:[A-Z]+ )?PRIVATE KEY-----\s*$/;
const CERTIFICATES = "takes certificates as PEM, from -----BEGIN CERTIFICATE----- on";

/** Of this machine alone: what is sent there in the clear passes no network. */
const THIS_MACHINE: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** An address to post to: https without credentials or fragment; http to this machine alone, whose use streams.allowLoopback permits. */
export function httpsUrl(example: string) {
  const takes = `takes an https address, such as ${example}; http only to this machine`;
  return z
    .string(takes)
    .trim()
    .min(1, takes)
    .max(2_000, "takes at most 2000 characters")
    .refine((text) => isSafe(text), takes);
}

function isSafe(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (username !== "" || password !== "" || hash !== "") return false;
  return protocol === "https:" || (protocol === "http:" && THIS_MACHINE.has(hostname));
}

/** Settings of TLS; none of them is secret. */
export const tlsSettings = {
  ca: z.string().trim().max(100_000).regex(PEM, CERTIFICATES).or(z.literal("")).default(""),
  clientCertificate: z.string().trim().max(100_000).regex(PEM, CERTIFICATES).or(z.literal("")).default(""),
};
export const tlsSecrets = {
  clientKey: z
    .string()
    .trim()
    .regex(KEY, "takes a private key as PEM, without a passphrase")
    .or(z.literal(""))
    .default(""),
};

export const TLS_FIELDS: readonly DestinationField[] = [
  {
    name: "ca",
    label: "Certificate authority",
    hint: "PEM, of the authority that signed the receiver's certificate; the public ones do not count then.",
    input: "lines",
    placeholder: "-----BEGIN CERTIFICATE-----",
    advanced: true,
  },
  {
    name: "clientCertificate",
    label: "Client certificate",
    hint: "PEM, where the receiver asks for one (mutual TLS).",
    input: "lines",
    placeholder: "-----BEGIN CERTIFICATE-----",
    advanced: true,
  },
];
export const TLS_SECRET_FIELDS: readonly DestinationField[] = [
  {
    name: "clientKey",
    label: "Client key",
    hint: "PEM, of the client certificate.",
    input: "lines",
    placeholder: "-----BEGIN PRIVATE KEY-----",
    advanced: true,
  },
];

/** Whether bodies are sent as gzip, which what speaks HTTP and takes logs mostly understands. */
export const compressSetting = z.boolean("takes true or false").default(true);
export const COMPRESS_FIELD: DestinationField = {
  name: "compress",
  label: "Compress",
  hint: "Sends gzip: about a tenth of the bytes.",
  input: "switch",
  advanced: true,
};

const HEADER = /^[!#$%&'*+.^_`|~\w-]+:[ \t]*[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
/** Headers that are the connection's or the message's own. */
const TAKEN =
  /^(?:host|content-length|content-type|content-encoding|transfer-encoding|connection|upgrade|expect|te|trailer|webhook-(?:id|timestamp|signature)):/i;

const headerLines = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** Headers, one a line. Sealed as a whole, as most carry a key. */
export const headersText = z
  .string()
  .max(20_000, "takes at most 20000 characters")
  .refine(
    (text) => headerLines(text).every((line) => HEADER.test(line) && !TAKEN.test(line)),
    "takes headers, one a line, such as X-Api-Key: 1234; not those of the connection, such as Host",
  )
  .default("");

export const HEADERS_FIELD: DestinationField = {
  name: "headers",
  label: "Headers",
  hint: "Sent with each request, one a line, such as Authorization: Bearer 1234.",
  input: "lines",
  placeholder: "Authorization: Bearer …",
};

/** By name, in lower case. */
export function readHeaders(text: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of headerLines(text)) {
    const colon = line.indexOf(":");
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return headers;
}

/** What of them an error may not show: their values, and the words in these that are no words, such as the key behind Bearer. */
export function secretsIn(headers: Readonly<Record<string, string>>): string[] {
  const values = Object.values(headers);
  return [
    ...values,
    ...values.flatMap((value) => value.split(/\s+/)).filter((word) => word.length >= LEAST_KEY),
  ];
}

const LEAST_KEY = 8;
