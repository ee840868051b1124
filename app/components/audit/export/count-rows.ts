/**
 * Counts the rows in the bytes of an export as they pass. A row ends with a line feed that stands outside quotes: in CSV a
 * quoted cell may hold line feeds; JSON and NDJSON escape them. The lines that are not rows (CSV header, JSON brackets) are
 * left out.
 */
export function createRowCounter(format: "csv" | "json" | "ndjson") {
  let lines = 0;
  let quoted = false;
  let bytes = 0;
  return {
    add(chunk: Uint8Array): void {
      bytes += chunk.byteLength;
      for (const byte of chunk) {
        if (byte === 0x22 && format === "csv") quoted = !quoted;
        else if (byte === 0x0a && !quoted) lines += 1;
      }
    },
    get rows(): number {
      // JSON: each row begins with a line feed; the closing bracket's own two are seen only at the end.
      return Math.max(0, format === "csv" ? lines - 1 : lines);
    },
    get bytes(): number {
      return bytes;
    },
  };
}
