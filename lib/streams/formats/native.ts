import type { Format } from "./format/format.ts";

/** The entry as the API tells it, with what names it. */
export const native: Format = {
  name: "native",
  encode: ({ id, surface, no, installation, test, entry }) =>
    JSON.stringify({ id, surface, installation, ...(test ? { test } : null), no, ...entry }),
};
