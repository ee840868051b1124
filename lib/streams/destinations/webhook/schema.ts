import { z } from "zod";
import {
  HEADERS_FIELD,
  headersText,
  httpsUrl,
  TLS_FIELDS,
  TLS_SECRET_FIELDS,
  tlsSecrets,
  tlsSettings,
} from "../connection/schema.ts";
import { describeDestination } from "../destination/schema.ts";

/** How the records of a batch become one body. */
export const WebhookBody = z.enum(["array", "lines", "event-list"], "takes array, lines or event-list");

export const WebhookSettings = z.strictObject({
  url: httpsUrl("https://siem.example.org/kubewitness"),
  body: WebhookBody.default("array"),
  ...tlsSettings,
});
export const WebhookSecrets = z.strictObject({
  signingSecret: z
    .string()
    .trim()
    .regex(
      /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/,
      "takes whsec_ and base64 of 24 to 64 bytes; left out, one is made",
    )
    .optional(),
  headers: headersText,
  ...tlsSecrets,
});

export const WEBHOOK = describeDestination({
  kind: "webhook",
  title: "Webhook",
  about: "HTTPS requests with a signature, by Standard Webhooks.",
  settings: WebhookSettings,
  secrets: WebhookSecrets,
  settingsFields: [
    {
      name: "url",
      label: "Address",
      hint: "Each batch is posted there.",
      input: "text",
      placeholder: "https://siem.example.org/kubewitness",
    },
    {
      name: "body",
      label: "Body",
      hint: "An EventList is what a cluster's audit webhook sends: with the format Kubernetes audit.",
      input: "choice",
      choices: [
        { value: "array", label: "JSON array" },
        { value: "lines", label: "JSON lines (NDJSON)" },
        { value: "event-list", label: "EventList" },
      ],
    },
    ...TLS_FIELDS,
  ],
  secretFields: [
    {
      name: "signingSecret",
      label: "Signing secret",
      hint: "whsec_ and base64. Left empty, one is made and shown once.",
      input: "text",
      placeholder: "whsec_…",
    },
    HEADERS_FIELD,
    ...TLS_SECRET_FIELDS,
  ],
  addressFields: ["url"],
  batch: { records: 500, bytes: 1_000_000, seconds: 1 },
});
