/**
 * Whether an error is about what was to be stored, so that trying again is of no use: SQLSTATE classes 22 (data exception), 23
 * (integrity constraint violation) and 54 (program limit exceeded), or a fault in an entry's own shape. All else (the database is away,
 * full, read-only, restarting, deadlocks) passes with time.
 */
export function isDataError(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError) return true;
  const code = sqlState(error);
  // 23514 on a partitioned table: the day's partition is missing, and is made at the next try.
  return code !== "23514" && /^(?:22|23|54)/.test(code);
}

function sqlState(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : "";
}
