const named: Record<string, string> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

function matchesPart(part: string, value: number, least: number): boolean {
  const [range = "*", step] = part.split("/");
  const every = step === undefined ? 1 : Number(step);
  if (range === "*" || range === "?") return (value - least) % every === 0;
  const [from = "", to] = range.split("-");
  const low = Number(from);
  const high = to === undefined ? (step === undefined ? low : Number.POSITIVE_INFINITY) : Number(to);
  return value >= low && value <= high && (value - low) % every === 0;
}

function matchesField(field: string, value: number, least: number): boolean {
  return field.split(",").some((part) => matchesPart(part, value, least));
}

/** Whether a cron schedule (UTC, five fields or `@daily` and the like) is due in the minute of a time. */
export function isDue(schedule: string, time: Date): boolean {
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = (named[schedule] ?? schedule)
    .trim()
    .split(/\s+/);
  const onDay = matchesField(day, time.getUTCDate(), 1);
  const onWeekday = matchesField(weekday.replaceAll("7", "0"), time.getUTCDay(), 0);
  const restricted = day !== "*" && weekday !== "*";
  return (
    matchesField(minute, time.getUTCMinutes(), 0) &&
    matchesField(hour, time.getUTCHours(), 0) &&
    matchesField(month, time.getUTCMonth() + 1, 1) &&
    (restricted ? onDay || onWeekday : onDay && onWeekday)
  );
}
