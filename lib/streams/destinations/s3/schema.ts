import { z } from "zod";
import { httpsUrl, TLS_FIELDS, TLS_SECRET_FIELDS, tlsSecrets, tlsSettings } from "../connection/schema.ts";
import { describeDestination } from "../destination/schema.ts";

const BUCKET = "takes the name of a bucket, such as audit-records";
const PREFIX = "takes a prefix such as kubewitness/, without a slash at its beginning";
const key = (takes: string) =>
  z
    .string(takes)
    .trim()
    .regex(/^[\x21-\x7e]{1,256}$/, takes);

export const S3Settings = z.strictObject({
  endpoint: httpsUrl("https://s3.eu-central-1.amazonaws.com").refine(
    (text) => URL.canParse(text) && new URL(text).pathname === "/" && new URL(text).search === "",
    "takes the origin of the storage, without a path",
  ),
  region: z
    .string()
    .trim()
    .regex(/^[a-z0-9-]{1,63}$/, "takes a region, such as eu-central-1")
    .default("us-east-1"),
  bucket: z
    .string(BUCKET)
    .trim()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, BUCKET),
  prefix: z
    .string()
    .trim()
    .regex(/^(?!\/|(?:.*\/)?\.{1,2}(?:\/|$))[\w./=-]{0,200}$/, PREFIX)
    .default("kubewitness/"),
  ...tlsSettings,
});
export const S3Secrets = z.strictObject({
  accessKeyId: key("takes the id of an access key"),
  secretAccessKey: key("takes the secret of an access key"),
  ...tlsSecrets,
});

export const S3 = describeDestination({
  kind: "s3",
  title: "S3-compatible bucket",
  about: "Compressed JSON lines by the hour, with manifests of their numbers and hashes.",
  settings: S3Settings,
  secrets: S3Secrets,
  settingsFields: [
    {
      name: "endpoint",
      label: "Endpoint",
      hint: "Of the storage; the bucket is the first part of the path.",
      input: "text",
      placeholder: "https://s3.eu-central-1.amazonaws.com",
    },
    { name: "region", label: "Region", input: "text", placeholder: "eu-central-1" },
    { name: "bucket", label: "Bucket", input: "text" },
    { name: "prefix", label: "Prefix", hint: "What the names of objects begin with.", input: "text" },
    ...TLS_FIELDS,
  ],
  secretFields: [
    { name: "accessKeyId", label: "Access key ID", input: "text" },
    { name: "secretAccessKey", label: "Secret access key", input: "text" },
    ...TLS_SECRET_FIELDS,
  ],
  addressFields: ["endpoint"],
  placeFields: ["endpoint", "bucket", "prefix"],
  batch: { records: 2_000, bytes: 2_000_000, seconds: 60 },
});
