import { z } from "zod";
import { StreamFormat } from "../formats/schema.ts";
import { StreamSurface } from "../surfaces/schema.ts";

// Browser-safe.

export const ExampleQuery = z.strictObject({
  format: StreamFormat.default("native"),
  surface: StreamSurface.default("requests"),
  leaveOut: z
    .string()
    .max(4_000)
    .default("")
    .meta({ description: "Fields that are not sent, with commas between them." }),
});

/** A record that nothing happened for, as it is sent. */
export const StreamExample = z.object({ text: z.string() }).meta({ id: "StreamExample" });
export type StreamExample = z.infer<typeof StreamExample>;
