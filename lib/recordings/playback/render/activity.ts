const FIRST_WIDTH_MS = 250;
const MOST_PARTS = 8_192;

/** Bytes over a time whose length is not known before it ends, in bounded memory. */
export class Activity {
  #widthMs = FIRST_WIDTH_MS;
  #parts: number[] = [];

  add(atMs: number, bytes: number): void {
    while (atMs >= this.#widthMs * MOST_PARTS) this.#halve();
    const part = Math.floor(atMs / this.#widthMs);
    this.#parts[part] = (this.#parts[part] ?? 0) + bytes;
  }

  /** The bytes in `buckets` equal parts of the whole time. */
  inBuckets(durationMs: number, buckets: number): number[] {
    const counts = Array<number>(buckets).fill(0);
    this.#parts.forEach((bytes, part) => {
      const bucket = Math.floor((part * this.#widthMs * buckets) / Math.max(durationMs, 1));
      counts[Math.min(bucket, buckets - 1)]! += bytes;
    });
    return counts;
  }

  #halve(): void {
    const wider: number[] = [];
    this.#parts.forEach((bytes, part) => {
      wider[part >> 1] = (wider[part >> 1] ?? 0) + bytes;
    });
    this.#parts = wider;
    this.#widthMs *= 2;
  }
}
