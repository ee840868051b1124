import { formatBytes, formatNumber } from "../format-count.ts";

export interface ExportProgress {
  rows: number;
  bytes: number;
  /** Rows to expect; null where counting stopped. */
  total: number | null;
  elapsedMs: number;
}

/** `5,204 of about 11,300 calls, 3.1 MB, 41,000 a second, 3 s left` */
export function describeProgress(
  { rows, bytes, total, elapsedMs }: ExportProgress,
  noun: { many: string },
): string {
  const rate = elapsedMs > 0 ? (rows / elapsedMs) * 1000 : 0;
  const parts = [
    `${formatNumber(rows)}${total === null ? "" : ` of about ${formatNumber(total)}`} ${noun.many}`,
    formatBytes(bytes),
  ];
  if (elapsedMs > 800 && rate > 0) {
    parts.push(`${formatNumber(roundRate(rate))} a second`);
    if (total !== null && total > rows) parts.push(`${describeSeconds((total - rows) / rate)} left`);
  }
  return parts.join(", ");
}

function roundRate(rate: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(rate)) - 1);
  return Math.round(rate / step) * step;
}

function describeSeconds(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  return `${Math.round(seconds / 60)} min`;
}

/** How much of the export is there, 0–1; null where it is not known. */
export function shareDone({ rows, total }: ExportProgress): number | null {
  return total === null || total === 0 ? null : Math.min(1, rows / total);
}
