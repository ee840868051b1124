import type { DestinationKind } from "./destination/destination.ts";
import { elasticsearch } from "./elasticsearch/destination.ts";
import { file } from "./file/destination.ts";
import { otlp } from "./otlp/destination.ts";
import { s3 } from "./s3/destination.ts";
import { splunk } from "./splunk/destination.ts";
import { syslog } from "./syslog/destination.ts";
import { webhook } from "./webhook/destination.ts";

/** How each kind of ./schema.ts is opened. Its settings and secrets come as its own schemas have parsed them. */
export const DESTINATION_KINDS: Readonly<Record<string, DestinationKind>> = {
  webhook,
  splunk,
  elasticsearch,
  syslog,
  otlp,
  s3,
  file,
};
