/** Which page a row is on, where the first pages are shorter than the others. Pages and rows count from 0. */
export class PageSizes {
  private readonly first: readonly number[];
  private readonly other: number;
  private readonly rowsOfFirst: number;

  /** `first`: the sizes of the first pages; `other`: of each that follows. */
  constructor(first: readonly number[], other: number) {
    this.first = first;
    this.other = other;
    this.rowsOfFirst = first.reduce((sum, size) => sum + size, 0);
  }

  sizeOf(page: number): number {
    return this.first[page] ?? this.other;
  }

  startOf(page: number): number {
    const beyond = page - this.first.length;
    if (beyond >= 0) return this.rowsOfFirst + beyond * this.other;
    return this.first.slice(0, page).reduce((sum, size) => sum + size, 0);
  }

  pageAt(row: number): number {
    if (row >= this.rowsOfFirst) return this.first.length + Math.floor((row - this.rowsOfFirst) / this.other);
    return Math.max(
      0,
      this.first.findLastIndex((_, page) => row >= this.startOf(page)),
    );
  }
}
