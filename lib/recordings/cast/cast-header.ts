import { z } from "zod";

/** What is taken where nobody said how large the terminal is: no session of a terminal, or before its first resize. */
export const DEFAULT_SIZE = { columns: 80, rows: 24 };

/** The first line of an asciicast v3 (https://docs.asciinema.org/manual/asciicast/v3/#header). */
export const CastHeader = z.object({
  version: z.literal(3),
  term: z.object({ cols: z.int().min(1), rows: z.int().min(1), type: z.string().optional() }),
  /** Seconds since the epoch. */
  timestamp: z.int().optional(),
  title: z.string().optional(),
  command: z.string().optional(),
});
export type CastHeader = z.infer<typeof CastHeader>;

/** The header as the line that it is, with its line break. */
export function headerLine(header: CastHeader): string {
  return `${JSON.stringify(header)}\n`;
}
