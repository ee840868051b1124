/** Remembers what was set or asked for last: at least `max` keys, at most twice as many. Costs a look-up, where an exact order of uses costs a list. */
export class RecentMap<Key, Value> {
  readonly #max: number;
  #recent = new Map<Key, Value>();
  #earlier = new Map<Key, Value>();

  constructor(max: number) {
    this.#max = max;
  }

  get(key: Key): Value | undefined {
    const recent = this.#recent.get(key);
    if (recent !== undefined) return recent;
    const earlier = this.#earlier.get(key);
    if (earlier !== undefined) this.set(key, earlier);
    return earlier;
  }

  set(key: Key, value: Value): void {
    if (this.#recent.size >= this.#max) {
      this.#earlier = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(key, value);
  }
}
