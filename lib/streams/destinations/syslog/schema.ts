import { z } from "zod";
import { TLS_FIELDS, TLS_SECRET_FIELDS, tlsSecrets, tlsSettings } from "../connection/schema.ts";
import { describeDestination } from "../destination/schema.ts";

const HOST = "takes a name or an address, such as syslog.example.org";
const PORT = "takes a port from 1 to 65535";
const BYTES = "takes a whole number of bytes from 1024 to 1048576";
const NUMBER = "takes a private enterprise number, such as 32473";

export const SyslogSettings = z.strictObject({
  host: z
    .string(HOST)
    .trim()
    .regex(/^[\w.:-]{1,255}$/, HOST),
  port: z.int(PORT).min(1, PORT).max(65_535, PORT).default(6_514),
  transport: z.enum(["tls", "tcp"], "takes tls or tcp").default("tls"),
  confirm: z.enum(["closed", "written"], "takes closed or written").default("closed"),
  hostname: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{0,255}$/, "takes at most 255 characters without blanks")
    .default(""),
  enterpriseNumber: z.int(NUMBER).min(1, NUMBER).max(4_294_967_295, NUMBER).default(32_473),
  maxMessageBytes: z.int(BYTES).min(1_024, BYTES).max(1_048_576, BYTES).default(65_536),
  ...tlsSettings,
});
export const SyslogSecrets = z.strictObject({ ...tlsSecrets });

export const SYSLOG = describeDestination({
  kind: "syslog",
  title: "Syslog",
  about: "Messages of RFC 5424 over TLS (RFC 5425) or TCP.",
  settings: SyslogSettings,
  secrets: SyslogSecrets,
  settingsFields: [
    { name: "host", label: "Host", input: "text", placeholder: "syslog.example.org" },
    { name: "port", label: "Port", hint: "6514 is that of syslog over TLS.", input: "number" },
    {
      name: "transport",
      label: "Transport",
      hint: "Over TCP everybody on the way reads the record.",
      input: "choice",
      choices: [
        { value: "tls", label: "TLS" },
        { value: "tcp", label: "TCP, in the clear" },
      ],
    },
    {
      name: "confirm",
      label: "Delivered when",
      hint: "Syslog answers nothing. A receiver that closes its side has read a batch to the end.",
      input: "choice",
      choices: [
        { value: "closed", label: "The receiver has closed its side behind a batch" },
        { value: "written", label: "Written, and the connection still open" },
      ],
      advanced: true,
    },
    {
      name: "hostname",
      label: "Hostname",
      hint: "Of the messages; left empty, the console's.",
      input: "text",
      advanced: true,
    },
    {
      name: "enterpriseNumber",
      label: "Enterprise number",
      hint: "Of the structured data's name; 32473 is that of examples.",
      input: "number",
      advanced: true,
    },
    {
      name: "maxMessageBytes",
      label: "Longest message",
      hint: "Bytes that the receiver takes; a longer record goes to the dead letters, uncut.",
      input: "number",
      advanced: true,
    },
    ...TLS_FIELDS,
  ],
  secretFields: TLS_SECRET_FIELDS,
  addressFields: ["host", "port"],
  batch: { records: 1_000, bytes: 1_000_000, seconds: 1 },
});
