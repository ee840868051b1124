import { z } from "zod";

/** asciicast v3 or v2 (https://docs.asciinema.org/manual/asciicast/), or the text that was shown. */
export const DownloadFormat = z.enum(["v3", "v2", "text"], { error: "takes v3, v2 or text" });
export type DownloadFormat = z.infer<typeof DownloadFormat>;

export const DownloadQuery = z.strictObject({ format: DownloadFormat.default("v3") });
