const MOST_NAMES = 1000;
/** No name that comes again and again is longer. */
const MOST_LETTERS = 64;

/**
 * What was found out about headers' names, so that those that come again and again are not looked at each time. As whoever is outside chooses them, a
 * bounded number of bounded length is kept, and nothing of the heads that they are pieces of.
 */
export class KnownNames<T> {
  readonly #look: (name: string) => T;
  readonly #known = new Map<string, T>();

  constructor(look: (name: string) => T) {
    this.#look = look;
  }

  of(name: string): T {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (this.#known.size >= MOST_NAMES || name.length > MOST_LETTERS) return this.#look(name);
    const own = withMemoryOfItsOwn(name);
    const found = this.#look(own);
    this.#known.set(own, found);
    return found;
  }
}

/** A piece of a text keeps the whole of it in memory: the head, credentials in it. */
const withMemoryOfItsOwn = (name: string): string => Buffer.from(name, "latin1").toString("latin1");
