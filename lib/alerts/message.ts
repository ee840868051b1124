import { z } from "zod";
import { SavedViewSurface } from "../audit/views/schema.ts";

/** What somebody is told, as it is kept until it is sent. Nothing of the record's own content is in it: the link leads to that, and asks who looks. */
export const AlertMessage = z.object({
  /** fired: now. meanwhile: in quiet hours that have ended. test: somebody tries the channel. */
  kind: z.enum(["fired", "meanwhile", "test"]),
  at: z.iso.datetime(),
  alert: z.object({ id: z.string(), name: z.string() }),
  surface: SavedViewSurface,
  filter: z.string(),
  matches: z.int(),
  firings: z.int(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  href: z.string(),
});
export type AlertMessage = z.infer<typeof AlertMessage>;
