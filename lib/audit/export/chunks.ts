/** Large enough that passing a chunk on costs little beside making it, small enough to be freed soon. */
const CHUNK_LENGTH = 65_536;

/** Collects rows' texts into chunks that each end between two rows. */
export class Chunks {
  readonly #done: Buffer[] = [];
  #text = "";

  add(row: string): void {
    this.#text += row;
    if (this.#text.length >= CHUNK_LENGTH) this.#flush();
  }

  end(): Buffer[] {
    if (this.#text !== "") this.#flush();
    return this.#done;
  }

  #flush(): void {
    this.#done.push(Buffer.from(this.#text));
    this.#text = "";
  }
}
