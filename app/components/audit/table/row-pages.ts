import { PageSizes } from "./page-sizes.ts";

/** One answer of a list: rows in its order, and the cursor of the page after them. */
export interface RowPage<Row> {
  rows: Row[];
  next: string | null;
}

/** Where a page begins: after a cursor where one is known, else so many rows into the order. */
export interface PagePlace {
  cursor: string | null;
  offset: number;
  limit: number;
}

export interface RowPagesOptions<Row> {
  fetchPage: (place: PagePlace, signal: AbortSignal) => Promise<RowPage<Row>>;
  /** What makes a row the same row. */
  keyOf: (row: Row) => number;
  /** Rows of the first pages: few, so that they are there at once. */
  firstPageSizes: readonly number[];
  /** Rows of every other page. */
  pageSize: number;
  /** Pages held in memory; others are dropped and fetched again by their cursor when they are scrolled to. */
  keptPages: number;
}

/**
 * The rows of an endless list, held as a window of pages. What is remembered of a page that was dropped is its cursor, so
 * scrolling through 100,000 rows and back holds a few thousand. With a total, a place far from any known cursor is reached by
 * counting; where such a page meets one that was read before it, it is read anew by that one's cursor, so that no row is left
 * out or shown twice. Rows that arrive while watching stand before the first page.
 */
export class RowPages<Row> {
  private readonly options: RowPagesOptions<Row>;
  private readonly sizes: PageSizes;
  private readonly pages = new Map<number, { rows: Row[]; cursor: string | null }>();
  private readonly loading = new Map<number, AbortController>();
  private readonly listeners = new Set<() => void>();
  /** The cursors that pages start from, as far as they are known. */
  private readonly cursors = new Map<number, string>();
  /** The last page that is known to follow another. */
  private furthest = 0;
  private arrived: Row[] = [];
  private total: number | null = null;
  /** Rows of the last page; null until the end was seen. */
  private lastPage: { index: number; size: number } | null = null;
  private failure: { page: number; error: unknown } | null = null;
  private state = 0;

  constructor(options: RowPagesOptions<Row>) {
    this.options = options;
    this.sizes = new PageSizes(options.firstPageSizes, options.pageSize);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Changes whenever something that can be read here has changed. */
  version = (): number => this.state;

  get firstPageLoaded(): boolean {
    return this.cursors.has(1) || this.lastPage !== null;
  }

  get isLoading(): boolean {
    return this.loading.size > 0;
  }

  /** The end has been seen: the count is exact. */
  get isComplete(): boolean {
    return this.lastPage !== null;
  }

  get error(): unknown {
    return this.failure?.error ?? null;
  }

  /** Rows that are known to exist. */
  get rowCount(): number {
    const stored = this.lastPage
      ? this.sizes.startOf(this.lastPage.index) + this.lastPage.size
      : Math.max(this.seen, this.total ?? 0);
    return this.arrived.length + stored;
  }

  /** There may be rows beyond those that are known. */
  get hasMore(): boolean {
    return this.lastPage === null && this.seen >= (this.total ?? 0);
  }

  get heldRows(): number {
    let held = this.arrived.length;
    for (const { rows } of this.pages.values()) held += rows.length;
    return held;
  }

  /** Rows that came after the list was read. */
  get arrivedRows(): number {
    return this.arrived.length;
  }

  /** The row at a place in the list; undefined where it is not held (yet). */
  rowAt(index: number): Row | undefined {
    const stored = index - this.arrived.length;
    if (stored < 0) return this.arrived[index];
    const page = this.sizes.pageAt(stored);
    return this.pages.get(page)?.rows[stored - this.sizes.startOf(page)];
  }

  /** The place of a row that is held, or -1. */
  indexOf(matches: (row: Row) => boolean): number {
    const early = this.arrived.findIndex(matches);
    if (early >= 0) return early;
    for (const [page, { rows }] of this.pages) {
      const at = rows.findIndex(matches);
      if (at >= 0) return this.arrived.length + this.sizes.startOf(page) + at;
    }
    return -1;
  }

  /** How many rows there are in all, those that arrived among them: makes every place of the list reachable. */
  setTotal(rows: number): void {
    const stored = Math.max(0, rows - this.arrived.length);
    if (stored === this.total) return;
    this.total = stored;
    this.change();
  }

  /**
   * Sees to it that the rows from `start` to `end` are held. `isPassing`: the view only goes by, so places that would have to be
   * counted to are left until it rests.
   */
  ensure(start: number, end: number, isPassing = false): void {
    if (this.failure) return;
    const first = this.sizes.pageAt(start - this.arrived.length);
    const last = this.sizes.pageAt(end - this.arrived.length);
    for (let page = first; page <= last; page += 1) this.load(page, isPassing);
    this.abandonFarFrom(first, last);
  }

  /** Puts rows that have just been recorded before all others; those already there are left out. */
  prepend(rows: readonly Row[]): void {
    const { keyOf } = this.options;
    const held = new Set(this.arrived.map(keyOf));
    for (const page of this.pages.values()) for (const row of page.rows) held.add(keyOf(row));
    const fresh = rows.filter((row) => !held.has(keyOf(row)));
    if (fresh.length === 0) return;
    this.arrived = [...fresh, ...this.arrived];
    this.change();
  }

  /** Tries again what failed; the failure stands until there is another answer. */
  retry(): void {
    if (this.failure) this.load(this.failure.page, false);
  }

  dispose(): void {
    for (const controller of this.loading.values()) controller.abort();
    this.loading.clear();
  }

  /** Rows before the furthest page that is known. */
  private get seen(): number {
    return this.sizes.startOf(this.furthest);
  }

  private load(page: number, isPassing: boolean): void {
    if (this.loading.has(page) || (this.lastPage && page > this.lastPage.index)) return;
    const held = this.pages.get(page);
    const cursor = this.cursors.get(page) ?? null;
    if (held && (cursor === null || held.cursor === cursor)) return;
    const offset = this.sizes.startOf(page);
    if (page > 0 && cursor === null) {
      // The page before will tell the cursor.
      if (this.pages.has(page - 1) || this.loading.has(page - 1)) return;
      if (isPassing || offset >= (this.total ?? 0)) return;
    }
    const controller = new AbortController();
    this.loading.set(page, controller);
    this.change();
    const place = { cursor, offset: offset + this.arrived.length, limit: this.sizes.sizeOf(page) };
    this.options.fetchPage(place, controller.signal).then(
      (answer) => this.store(page, controller, cursor, answer),
      (error) => this.fail(page, controller, error),
    );
  }

  private store(
    page: number,
    controller: AbortController,
    cursor: string | null,
    { rows, next }: RowPage<Row>,
  ): void {
    if (this.loading.get(page) !== controller) return;
    this.loading.delete(page);
    this.pages.set(page, { rows, cursor });
    this.failure = null;
    if (next === null) this.endAt(page, rows.length);
    else this.goOnAt(page + 1, next);
    this.forgetPages(page);
    this.change();
  }

  private goOnAt(page: number, cursor: string): void {
    this.cursors.set(page, cursor);
    this.furthest = Math.max(this.furthest, page);
    if (this.lastPage && this.lastPage.index < page) this.lastPage = null;
  }

  private endAt(page: number, size: number): void {
    this.lastPage = { index: page, size };
    this.furthest = Math.min(this.furthest, page);
    for (const held of [this.pages, this.cursors])
      for (const other of held.keys()) if (other > page) held.delete(other);
  }

  private fail(page: number, controller: AbortController, error: unknown): void {
    if (this.loading.get(page) !== controller) return;
    this.loading.delete(page);
    this.failure = { page, error };
    this.change();
  }

  /** Drops the pages that lie farthest from the one just loaded. */
  private forgetPages(near: number): void {
    while (this.pages.size > this.options.keptPages) {
      const farthest = [...this.pages.keys()].reduce((far, page) =>
        Math.abs(page - near) > Math.abs(far - near) ? page : far,
      );
      this.pages.delete(farthest);
    }
  }

  /** A fast scroll leaves requests behind that nobody waits for. */
  private abandonFarFrom(first: number, last: number): void {
    for (const [page, controller] of this.loading) {
      if (page >= first - 1 && page <= last + 1) continue;
      controller.abort();
      this.loading.delete(page);
    }
  }

  private change(): void {
    this.state += 1;
    for (const listener of this.listeners) listener();
  }
}
