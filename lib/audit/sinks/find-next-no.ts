import type { LedgerStream } from "../store/ledger.ts";
import type { RunSql } from "../store/sql.ts";

const FIRST_WIDTH = 1_000;
/** A statement looks through no more numbers: what it costs has a bound, whatever is gone. */
const MOST_WIDTH = 1_000_000;

/** The lowest number above `after`, up to `lastNo`, that has its row; null where none has. Looks in ever wider steps. */
export async function findNextNo(
  run: RunSql,
  stream: LedgerStream,
  { after, lastNo }: { after: number; lastNo: number },
): Promise<number | null> {
  let width = FIRST_WIDTH;
  for (let from = after; from < lastNo; width = Math.min(width * 2, MOST_WIDTH)) {
    const to = Math.min(from + width, lastNo);
    const [found] = await run<{ no: number | null }>(
      `SELECT min(no) AS no FROM ${stream} WHERE no > $1::bigint AND no <= $2::bigint`,
      [from, to],
    );
    if (found!.no !== null) return found!.no;
    from = to;
  }
  return null;
}
