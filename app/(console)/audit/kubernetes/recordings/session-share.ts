/** Length of a session's bar in per cent, on a logarithmic scale from a second to eight hours. */
export function sessionShare(milliseconds: number): number {
  return Math.round(Math.min(100, Math.max(4, 21.5 * (Math.log10(Math.max(milliseconds, 1)) - 3) + 4)));
}
