import { z } from "zod";
import {
  COMPRESS_FIELD,
  compressSetting,
  httpsUrl,
  TLS_FIELDS,
  TLS_SECRET_FIELDS,
  tlsSecrets,
  tlsSettings,
} from "../connection/schema.ts";
import { describeDestination } from "../destination/schema.ts";

const name = (takes: string) => z.string(takes).trim().max(256, "takes at most 256 characters");

export const SplunkSettings = z.strictObject({
  url: httpsUrl("https://splunk.example.org:8088"),
  index: name("takes the name of an index").default(""),
  source: name("takes a source").default("kubewitness"),
  sourcetype: name("takes a source type").default("kubewitness:audit"),
  acknowledge: z.boolean("takes true or false").default(true),
  compress: compressSetting,
  ...tlsSettings,
});
export const SplunkSecrets = z.strictObject({
  token: z
    .string("takes the token of an HTTP Event Collector")
    .trim()
    .regex(/^[\x21-\x7e]{1,256}$/, "takes the token of an HTTP Event Collector"),
  ...tlsSecrets,
});

export const SPLUNK = describeDestination({
  kind: "splunk",
  title: "Splunk",
  about: "Events for Splunk's HTTP Event Collector, with acknowledgement by its indexers.",
  settings: SplunkSettings,
  secrets: SplunkSecrets,
  settingsFields: [
    {
      name: "url",
      label: "Address",
      hint: "Of the HTTP Event Collector; without a path, that of /services/collector/event is taken.",
      input: "text",
      placeholder: "https://splunk.example.org:8088",
    },
    { name: "index", label: "Index", hint: "Left empty, the token's own.", input: "text" },
    { name: "source", label: "Source", input: "text" },
    { name: "sourcetype", label: "Source type", input: "text" },
    {
      name: "acknowledge",
      label: "Wait for the indexers",
      hint: "Records are delivered once they are indexed; the token needs Enable indexer acknowledgement.",
      input: "switch",
    },
    COMPRESS_FIELD,
    ...TLS_FIELDS,
  ],
  secretFields: [
    { name: "token", label: "Token", hint: "Of the HTTP Event Collector.", input: "text" },
    ...TLS_SECRET_FIELDS,
  ],
  addressFields: ["url"],
  batch: { records: 1_000, bytes: 1_000_000, seconds: 2 },
});
