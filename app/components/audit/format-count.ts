/** `290,316` */
export function formatNumber(value: number): string {
  return value.toLocaleString("en-US");
}

/** `10,000+` where counting stopped. */
export function formatCount({ count, exact }: { count: number; exact: boolean }): string {
  return exact ? formatNumber(count) : `${formatNumber(count)}+`;
}

/** `76 B`, `41 KB`, `4.8 MB`: powers of 1000. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["KB", "MB", "GB", "TB"];
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value < 10 ? value.toFixed(1).replace(/\.0$/, "") : Math.round(value)} ${units[power - 1]}`;
}

/** `84 ms`, `1.24 s`, `12m 47s`, `1h 04m`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`;
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${String(seconds % 60).padStart(2, "0")}s`;
  const minutes = Math.floor(seconds / 60);
  return `${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, "0")}m`;
}

/** Length of the duration's bar in per cent, on a logarithmic scale from 4 ms to 9 s. */
export function durationShare(milliseconds: number): number {
  return Math.round(Math.min(100, Math.max(4, 30 * Math.log10(Math.max(milliseconds, 1)) - 18.5)));
}
