import { usage } from "../program/parse-options.ts";

const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `90m`, `1h30m` or `2d`. @throws Failure `usage`, which names the option. */
export function readDuration(command: string, option: string, text: string): number {
  const parts = [...text.matchAll(/(\d{1,6})([smhd])/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text)
    throw usage(
      command,
      `--${option} got ${JSON.stringify(text)}: takes a length of time such as 90m, 8h or 2d.`,
    );
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit!]!, 0);
}

/** As it is shown: `1h 30m`. */
export function showDuration(milliseconds: number): string {
  let left = Math.round(milliseconds / 1000);
  const parts: string[] = [];
  for (const [unit, size] of [
    ["d", 86_400],
    ["h", 3_600],
    ["m", 60],
    ["s", 1],
  ] as const) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.slice(0, 2).join(" ") || "0s";
}
