const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DAY_STARTS = 7 * HOUR;
const DAY_ENDS = 18 * HOUR;
const BY_DAY = 1.7;
const BY_NIGHT = 0.45;
/** Sunday first. */
const OF_WEEKDAY = [0.4, 1.2, 1.2, 1.2, 1.2, 1.2, 0.4];
/** 1 January 1970 was a Thursday. */
const EPOCH_WEEKDAY = 4;

/** How busy people are at a time, in UTC: they work by day and rest on weekends. About 1 on average. */
export function activityAt(time: number): number {
  const ofDay = time % DAY;
  return (
    weekdayFactor(Math.floor(time / DAY)) * (ofDay >= DAY_STARTS && ofDay < DAY_ENDS ? BY_DAY : BY_NIGHT)
  );
}

/** The sum of {@link activityAt} over a stretch of time, in milliseconds of ordinary activity. */
export function activityBetween(from: number, to: number): number {
  return activityUntil(to) - activityUntil(from);
}

function activityUntil(time: number): number {
  const day = Math.floor(time / DAY);
  const weeks = Math.floor(day / 7);
  let days = weeks * OF_WEEKDAY.reduce((sum, factor) => sum + factor, 0);
  for (let each = weeks * 7; each < day; each++) days += weekdayFactor(each);
  return days * activityOfDay(DAY) + weekdayFactor(day) * activityOfDay(time % DAY);
}

/** Of an ordinary day, up to a time of it. */
function activityOfDay(until: number): number {
  const byDay = Math.min(Math.max(until - DAY_STARTS, 0), DAY_ENDS - DAY_STARTS);
  return byDay * BY_DAY + (until - byDay) * BY_NIGHT;
}

function weekdayFactor(day: number): number {
  return OF_WEEKDAY[(day + EPOCH_WEEKDAY) % 7]!;
}
