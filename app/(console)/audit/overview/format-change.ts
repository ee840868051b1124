import { formatNumber } from "../../../components/audit/format-count.ts";

/** How a number changed against the same span before: `12 % more than the 4,210 before`. */
export function formatChange(count: number, before: number): string {
  if (before === 0) return count === 0 ? "none before either" : "none in the span before";
  const change = (count - before) / before;
  const words = formatNumber(before);
  if (Math.abs(change) < 0.005) return `as many as before (${words})`;
  if (change >= 100) return `only ${words} before`;
  if (change >= 2) return `${(count / before).toFixed(1).replace(/\.0$/, "")} times the ${words} before`;
  const percent = Math.max(1, Math.round(Math.abs(change) * 100));
  return `${percent} % ${change > 0 ? "more" : "fewer"} than before (${words})`;
}

/** `3.2 %`; `–` of nothing. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return "–";
  const percent = (part / whole) * 100;
  if (part > 0 && percent < 0.1) return "< 0.1 %";
  return `${percent < 10 ? percent.toFixed(1).replace(/\.0$/, "") : Math.round(percent)} %`;
}
