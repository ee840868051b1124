/** Bytes that were taken from the heap, whatever of them was given back. */
export class MemoryTaken {
  taken = 0;
  #last = process.memoryUsage().heapUsed;

  look(): void {
    const now = process.memoryUsage().heapUsed;
    if (now > this.#last) this.taken += now - this.#last;
    this.#last = now;
  }
}
