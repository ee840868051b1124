/** One answer of a keyset list: rows newest first, and the cursor of the next page. */
export interface RowPage<Row> {
  rows: Row[];
  next: string | null;
}

export interface RowPagesOptions<Row> {
  fetchPage: (cursor: string | null, signal: AbortSignal) => Promise<RowPage<Row>>;
  pageSize: number;
  /** Pages held in memory; others are dropped and fetched again by their cursor when they are scrolled to. */
  keptPages: number;
}

/**
 * The rows of an endless list, held as a window of pages. What is remembered of a page that was dropped is its cursor, so
 * scrolling through 100,000 rows and back holds a few thousand. Rows that arrive while watching stand before the first page.
 */
export class RowPages<Row> {
  private readonly options: RowPagesOptions<Row>;
  private readonly pages = new Map<number, Row[]>();
  private readonly loading = new Map<number, AbortController>();
  private readonly listeners = new Set<() => void>();
  /** The cursor that each known page starts from. */
  private readonly cursors: (string | null)[] = [null];
  private arrived: Row[] = [];
  /** Rows of the last page; null until the end was seen. */
  private lastPage: { index: number; size: number } | null = null;
  private failure: { page: number; error: unknown } | null = null;
  private state = 0;

  constructor(options: RowPagesOptions<Row>) {
    this.options = options;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Changes whenever something that can be read here has changed. */
  version = (): number => this.state;

  get firstPageLoaded(): boolean {
    return this.cursors.length > 1 || this.lastPage !== null;
  }

  get isLoading(): boolean {
    return this.loading.size > 0;
  }

  /** All rows up to the end have been seen: the count is exact. */
  get isComplete(): boolean {
    return this.lastPage !== null;
  }

  get error(): unknown {
    return this.failure?.error ?? null;
  }

  /** Rows that are known to exist. */
  get rowCount(): number {
    const { pageSize } = this.options;
    const stored = this.lastPage
      ? this.lastPage.index * pageSize + this.lastPage.size
      : (this.cursors.length - 1) * pageSize;
    return this.arrived.length + stored;
  }

  get heldRows(): number {
    let held = this.arrived.length;
    for (const page of this.pages.values()) held += page.length;
    return held;
  }

  /** The row at a place in the list; undefined where it is not held (yet). */
  rowAt(index: number): Row | undefined {
    const stored = index - this.arrived.length;
    if (stored < 0) return this.arrived[index];
    const { pageSize } = this.options;
    return this.pages.get(Math.floor(stored / pageSize))?.[stored % pageSize];
  }

  /** The place of a row that is held, or -1. */
  indexOf(matches: (row: Row) => boolean): number {
    const early = this.arrived.findIndex(matches);
    if (early >= 0) return early;
    for (const [page, rows] of this.pages) {
      const at = rows.findIndex(matches);
      if (at >= 0) return this.arrived.length + page * this.options.pageSize + at;
    }
    return -1;
  }

  /** Sees to it that the rows from `start` to `end` are held, and the page after them when they are the last known. */
  ensure(start: number, end: number): void {
    if (this.failure) return;
    const { pageSize } = this.options;
    const first = Math.max(0, Math.floor((start - this.arrived.length) / pageSize));
    const last = Math.max(0, Math.floor((end - this.arrived.length) / pageSize));
    for (let page = first; page <= last; page += 1) this.load(page);
    this.abandonFarFrom(first, last);
  }

  /** Puts rows that have just been recorded before all others; those already there are left out. */
  prepend(rows: readonly Row[], isSame: (a: Row, b: Row) => boolean): void {
    const fresh = rows.filter((row) => this.indexOf((held) => isSame(held, row)) < 0);
    if (fresh.length === 0) return;
    this.arrived = [...fresh, ...this.arrived];
    this.change();
  }

  /** Tries again what failed. */
  retry(): void {
    const page = this.failure?.page;
    this.failure = null;
    if (page !== undefined) this.load(page);
    this.change();
  }

  dispose(): void {
    for (const controller of this.loading.values()) controller.abort();
    this.loading.clear();
  }

  private load(page: number): void {
    const cursor = this.cursors[page];
    if (cursor === undefined || this.pages.has(page) || this.loading.has(page)) return;
    if (this.lastPage && page > this.lastPage.index) return;
    const controller = new AbortController();
    this.loading.set(page, controller);
    this.change();
    this.options.fetchPage(cursor, controller.signal).then(
      (answer) => this.store(page, controller, answer),
      (error) => this.fail(page, controller, error),
    );
  }

  private store(page: number, controller: AbortController, { rows, next }: RowPage<Row>): void {
    if (this.loading.get(page) !== controller) return;
    this.loading.delete(page);
    this.pages.set(page, rows);
    if (next === null) this.lastPage = { index: page, size: rows.length };
    else if (this.cursors.length === page + 1) this.cursors.push(next);
    this.forgetPages(page);
    this.change();
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
      if (page >= first - 2 && page <= last + 2) continue;
      controller.abort();
      this.loading.delete(page);
    }
  }

  private change(): void {
    this.state += 1;
    for (const listener of this.listeners) listener();
  }
}
