/** Room is said to be there again below this share of the limit, so that admission does not flutter. */
const REOPEN_SHARE = 0.9;

/** `audit.journal.max_bytes`: how large all journals of a process may grow. */
export class SizeLimit {
  readonly #maxBytes: number;
  #full = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Why no calls are taken with so many bytes on the disk; null where they are. */
  reasonAt(bytes: number): string | null {
    this.#full = bytes >= this.#maxBytes * (this.#full ? REOPEN_SHARE : 1);
    if (!this.#full) return null;
    const size = `${(bytes / 2 ** 20).toFixed(1)} MiB of audit.journal.max_bytes ${this.#maxBytes}`;
    return `the audit journal is full (${size}): calls are taken again when PostgreSQL has taken its entries`;
  }
}
