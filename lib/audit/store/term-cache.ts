import type { Known } from "./intern-table.ts";
import { RecentMap } from "./recent-map.ts";

/** What is remembered of a table of terms. */
export interface TermCache<Term> {
  get(term: Term): Known | undefined;
  set(term: Term, known: Known): void;
}

/** Remembers terms that are a kind and a text. */
export class KindCache<Kind> implements TermCache<{ kind: Kind; value: string }> {
  readonly #maxOfKind: number;
  readonly #kinds = new Map<Kind, RecentMap<string, Known>>();

  constructor(maxOfKind: number) {
    this.#maxOfKind = maxOfKind;
  }

  /** The texts of a kind, for whoever asks for many. */
  ofKind(kind: Kind): RecentMap<string, Known> {
    const values = this.#kinds.get(kind);
    if (values) return values;
    const made = new RecentMap<string, Known>(this.#maxOfKind);
    this.#kinds.set(kind, made);
    return made;
  }

  get({ kind, value }: { kind: Kind; value: string }): Known | undefined {
    return this.ofKind(kind).get(value);
  }

  set({ kind, value }: { kind: Kind; value: string }, known: Known): void {
    this.ofKind(kind).set(value, known);
  }
}

/** So many terms with the same id or name are remembered: a person's names over time. */
const MAX_VARIANTS = 8;

/** Remembers terms of several texts, without making one text of them for each look. */
export class RecordCache<Term extends { id: string; name: string }> implements TermCache<Term> {
  readonly #parts: readonly (keyof Term)[];
  readonly #variants: RecentMap<string, readonly { term: Term; known: Known }[]>;

  /** `parts`: what makes two terms the same. */
  constructor(parts: readonly (keyof Term)[], max: number) {
    this.#parts = parts;
    this.#variants = new RecentMap(max);
  }

  get(term: Term): Known | undefined {
    const variants = this.#variants.get(term.id || term.name);
    if (variants === undefined) return undefined;
    for (const variant of variants) if (this.#isSame(variant.term, term)) return variant.known;
    return undefined;
  }

  set(term: Term, known: Known): void {
    const key = term.id || term.name;
    const others = (this.#variants.get(key) ?? []).filter((variant) => !this.#isSame(variant.term, term));
    this.#variants.set(key, [{ term, known }, ...others].slice(0, MAX_VARIANTS));
  }

  #isSame(one: Term, other: Term): boolean {
    for (const part of this.#parts) if (one[part] !== other[part]) return false;
    return true;
  }
}
