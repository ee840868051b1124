/** Height of a row of the table, in pixels. */
export const ROW_HEIGHT = 32;

/** Browsers draw nothing that is higher than some 17 million pixels; what lies beyond is reached from the other end, or by its time. */
export const MOST_ROWS = 500_000;
