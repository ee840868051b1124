import { type InternTable, type Use, usableId } from "./intern-table.ts";
import type { Day } from "./partitions.ts";
import type { TermCache } from "./term-cache.ts";

/** A table of terms with what is remembered of it, so that what is named all the time is looked up once a day. */
export class CachedTable<Term> {
  readonly #table: InternTable;
  readonly #cache: TermCache<Term>;
  readonly #rowOf: (term: Term) => readonly string[];

  /** `rowOf`: the texts of a term's row. */
  constructor(table: InternTable, cache: TermCache<Term>, rowOf: (term: Term) => readonly string[]) {
    this.#table = table;
    this.#cache = cache;
    this.#rowOf = rowOf;
  }

  /** The id of a term that is there for rows of `day`, as far as is remembered. */
  cached(term: Term, day: Day): number | undefined {
    return usableId(this.#cache.get(term), day);
  }

  /** The ids of terms, in their order; null for those that `takeNew` did not allow. */
  async intern(terms: readonly Term[], use: Use): Promise<(number | null)[]> {
    const ids = terms.map((term) => this.cached(term, use.day) ?? null);
    const missing = terms.filter((_, index) => ids[index] === null);
    if (missing.length === 0) return ids;
    const rows = await this.#table.intern(missing.map(this.#rowOf), use);
    return ids.map((id, index) => {
      if (id !== null) return id;
      const term = terms[index]!;
      const known = rows.find(this.#rowOf(term));
      if (known) this.#cache.set(term, known);
      return known?.id ?? null;
    });
  }
}
