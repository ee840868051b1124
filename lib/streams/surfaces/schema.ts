import { z } from "zod";

/** What of the record a stream sends on: Request Audit, Event History, the ends of recorded sessions. */
export const StreamSurface = z.enum(
  ["requests", "events", "recordings"],
  "takes requests, events or recordings",
);
export type StreamSurface = z.infer<typeof StreamSurface>;

/** What people call each. */
export const SURFACE_TITLES: Readonly<Record<StreamSurface, string>> = {
  requests: "Request Audit",
  events: "Event History",
  recordings: "Pod Session Recordings",
};
