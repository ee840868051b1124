import { AppError } from "../../errors.ts";

/** A row's place in the order: newest first by time, ledger, number. */
export interface RowKey {
  /** Milliseconds since the epoch. */
  time: number;
  ledgerId: number;
  no: number;
}

/** A cursor says where a page ended and nothing else; whoever holds it still needs the right to read. */
export function formatCursor({ time, ledgerId, no }: RowKey): string {
  return Buffer.from(`${time}.${ledgerId}.${no}`).toString("base64url");
}

/** @throws AppError `invalid_argument` for what is no cursor. */
export function readCursor(cursor: string): RowKey {
  const match = /^(-?\d{1,16})\.(\d{1,5})\.(\d{1,16})$/.exec(Buffer.from(cursor, "base64url").toString());
  const [time, ledgerId, no] = (match ?? []).slice(1).map(Number);
  if (time === undefined || ledgerId === undefined || no === undefined || Math.abs(time) > 8.64e15) {
    const details = [
      { field: "cursor", got: cursor.slice(0, 40), takes: "`next` of the page before, unchanged" },
    ];
    throw new AppError("invalid_argument", "cursor is not one that this API gave. Start without a cursor.", {
      details,
    });
  }
  return { time, ledgerId, no };
}
