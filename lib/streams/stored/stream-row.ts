import { z } from "zod";
import { StreamFormat } from "../formats/schema.ts";
import { BatchBounds, SurfaceChoices } from "./schema.ts";

/** What of a stream decides what is sent, and where: as it is kept. */
export interface StreamDefinition {
  id: string;
  name: string;
  kind: string;
  settings: Record<string, unknown>;
  secrets: Uint8Array | null;
  format: StreamFormat;
  surfaces: SurfaceChoices;
  rateLimit: number | null;
  batch: BatchBounds;
  revision: number;
}

const Kept = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  settings: z.record(z.string(), z.unknown()),
  secrets: z.instanceof(Uint8Array).nullable(),
  format: StreamFormat,
  surfaces: SurfaceChoices,
  rateLimit: z.int().nullable(),
  batch: BatchBounds,
  revision: z.int(),
});

/** Columns of `streams` under the names of a definition. */
export const DEFINITION_COLUMNS =
  'id, name, kind, settings, secrets, format, surfaces, rate_limit AS "rateLimit", batch, revision';

/** Reads a row. @throws Error where another version kept what this one does not know. */
export function readDefinition(row: unknown): StreamDefinition {
  const read = Kept.safeParse(row);
  if (read.success) return read.data;
  const [{ path, message }] = read.error.issues as [z.core.$ZodIssue];
  throw new Error(`the stream is kept as this version does not know it: ${path.join(".")} ${message}`);
}
