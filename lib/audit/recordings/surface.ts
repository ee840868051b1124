import { RECORDINGS } from "../columns/recordings/schema.ts";
import { createSurface } from "../query/surface.ts";

/** Pod Session Recordings: `recording`. A day has so few that nothing is counted ahead. */
export const RECORDING_SURFACE = createSurface(RECORDINGS, {
  stream: "recording",
  table: "recording",
  time: "started_at",
  outcome: "result",
  counters: [],
  totals: [],
});
