import { z } from "zod";
import {
  COMPRESS_FIELD,
  compressSetting,
  HEADERS_FIELD,
  headersText,
  httpsUrl,
  TLS_FIELDS,
  TLS_SECRET_FIELDS,
  tlsSecrets,
  tlsSettings,
} from "../connection/schema.ts";
import { describeDestination } from "../destination/schema.ts";

export const OtlpSettings = z.strictObject({
  url: httpsUrl("https://otel.example.org:4318"),
  encoding: z.enum(["protobuf", "json"], "takes protobuf or json").default("protobuf"),
  compress: compressSetting,
  ...tlsSettings,
});
export const OtlpSecrets = z.strictObject({ headers: headersText, ...tlsSecrets });

export const OTLP = describeDestination({
  kind: "otlp",
  title: "OpenTelemetry",
  about: "Log records by OTLP over HTTP, for a collector or a back end that speaks it.",
  settings: OtlpSettings,
  secrets: OtlpSecrets,
  settingsFields: [
    {
      name: "url",
      label: "Address",
      hint: "Without a path, that of /v1/logs is taken.",
      input: "text",
      placeholder: "https://otel.example.org:4318",
    },
    {
      name: "encoding",
      label: "Encoding",
      input: "choice",
      choices: [
        { value: "protobuf", label: "Protobuf" },
        { value: "json", label: "JSON" },
      ],
      advanced: true,
    },
    COMPRESS_FIELD,
    ...TLS_FIELDS,
  ],
  secretFields: [HEADERS_FIELD, ...TLS_SECRET_FIELDS],
  addressFields: ["url"],
  batch: { records: 1_000, bytes: 1_000_000, seconds: 1 },
});
