import { z } from "zod";
import type { DestinationDescription } from "./destination/schema.ts";
import { ELASTICSEARCH } from "./elasticsearch/schema.ts";
import { FILE } from "./file/schema.ts";
import { OTLP } from "./otlp/schema.ts";
import { S3 } from "./s3/schema.ts";
import { SPLUNK } from "./splunk/schema.ts";
import { SYSLOG } from "./syslog/schema.ts";
import { WEBHOOK } from "./webhook/schema.ts";

/** Every kind of destination, in the order of the form. */
export const DESTINATIONS = [
  WEBHOOK,
  SPLUNK,
  ELASTICSEARCH,
  SYSLOG,
  OTLP,
  S3,
  FILE,
] as const satisfies readonly DestinationDescription[];
const KINDS = DESTINATIONS.map(({ kind }) => kind) as [string, ...string[]];
export const DestinationKindName = z.enum(KINDS, `takes a kind of destination: ${KINDS.join(", ")}`);

/** What is known of a kind; undefined where there is none of that name. */
export const findDestination = (kind: string): DestinationDescription | undefined =>
  DESTINATIONS.find((each) => each.kind === kind);
