import type { BatchRecord } from "../destination/destination.ts";

/** Records of one hour and one surface, in order of No. */
export interface HourPart {
  /** `requests/2026/03/01/09/`: the hour, in UTC, that the records are of. */
  folder: string;
  records: readonly BatchRecord[];
}

/** The parts of a batch, by hour. A late record, of an hour that others come behind, begins a part of its own. */
export function byHour(records: readonly BatchRecord[]): HourPart[] {
  const parts: { folder: string; records: BatchRecord[] }[] = [];
  for (const each of records) {
    const folder = folderOf(each);
    const last = parts.at(-1);
    if (last?.folder === folder) last.records.push(each);
    else parts.push({ folder, records: [each] });
  }
  return parts;
}

const TESTS = "test/";

/** Test records of all streams lie together. */
export const isOfTests = (folder: string): boolean => folder.startsWith(TESTS);

function folderOf({ record }: BatchRecord): string {
  const hour = new Date(record.at).toISOString().slice(0, 13).replace(/[-T]/g, "/");
  return `${record.test ? TESTS : ""}${record.surface}/${hour}/`;
}

const numbered = (no: number) => String(no).padStart(15, "0");

/**
 * The object's name says where it begins, and nothing else: the same records sent again begin at the same number and overwrite themselves, wherever
 * they end this time. What somebody asked for again (`again`) may end sooner and go on nowhere: its name says where it ends, and it lies beside.
 */
export function objectName({ folder, records }: HourPart, again: boolean): string {
  const [first, last] = [records[0]!.record.no, records.at(-1)!.record.no];
  return `${folder}${numbered(first)}${again ? `-${numbered(last)}` : ""}.ndjson.zst`;
}
