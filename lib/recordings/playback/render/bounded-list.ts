/** As many as an index has room for, and how many there were. */
export class BoundedList<T> {
  readonly items: T[] = [];
  readonly #most: number;
  readonly #what: string;
  count = 0;

  constructor(most: number, what: string) {
    this.#most = most;
    this.#what = what;
  }

  add(item: T): void {
    this.count += 1;
    if (this.items.length < this.#most) this.items.push(item);
  }

  /** What was left out, in words; nothing where all are there. */
  leftOut(): string[] {
    const more = this.count - this.items.length;
    return more === 0 ? [] : [`${more} of ${this.count} ${this.#what}: the first ${this.#most} are listed`];
  }
}
