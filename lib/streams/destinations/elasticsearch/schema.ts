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

const INDEX = "takes the name of an index or a data stream, such as logs-kubewitness-default";
const plain = z.string().trim().max(1_000, "takes at most 1000 characters");

export const ElasticsearchSettings = z.strictObject({
  url: httpsUrl("https://elastic.example.org:9200"),
  index: z
    .string(INDEX)
    .trim()
    .regex(/^(?![-_+.])[^A-Z\\/*?"<>| ,#:]{1,255}$/, INDEX)
    .default("logs-kubewitness-default"),
  pipeline: plain.regex(/^[\w.@-]*$/, "takes the name of an ingest pipeline").default(""),
  username: plain.default(""),
  compress: compressSetting,
  ...tlsSettings,
});
export const ElasticsearchSecrets = z.strictObject({
  apiKey: plain.regex(/^[\x21-\x7e]*$/, "takes an API key, encoded").default(""),
  password: plain.default(""),
  ...tlsSecrets,
});

export const ELASTICSEARCH = describeDestination({
  kind: "elasticsearch",
  title: "Elasticsearch or OpenSearch",
  about: "Documents by the bulk API, each created once under its id.",
  settings: ElasticsearchSettings,
  secrets: ElasticsearchSecrets,
  settingsFields: [
    {
      name: "url",
      label: "Address",
      hint: "Of the cluster, without the path of an index.",
      input: "text",
      placeholder: "https://elastic.example.org:9200",
    },
    { name: "index", label: "Index or data stream", input: "text", placeholder: "logs-kubewitness-default" },
    {
      name: "username",
      label: "Username",
      hint: "With a password; left empty with an API key.",
      input: "text",
    },
    { name: "pipeline", label: "Ingest pipeline", input: "text", advanced: true },
    COMPRESS_FIELD,
    ...TLS_FIELDS,
  ],
  secretFields: [
    { name: "apiKey", label: "API key", hint: "Encoded, as Elasticsearch shows it once.", input: "text" },
    { name: "password", label: "Password", input: "text" },
    ...TLS_SECRET_FIELDS,
  ],
  addressFields: ["url"],
  batch: { records: 1_000, bytes: 2_000_000, seconds: 1 },
});
