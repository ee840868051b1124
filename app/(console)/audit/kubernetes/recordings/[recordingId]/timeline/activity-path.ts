/** The height of the bars' box, and of the least and the most activity in it. */
export const BARS_HEIGHT = 30;
const LEAST = 1;
const MOST = 26;
/** How much of a bucket's width its bar has. */
const BAR_SHARE = 0.72;

/** An SVG path of a bar for each bucket, one unit wide each, about the middle line. Logarithmic: a prompt is seen beside a flood. */
export function activityPath(activity: readonly number[]): string {
  const most = Math.log1p(Math.max(1, ...activity));
  return activity
    .map((bytes, at) => {
      const height = LEAST + (MOST - LEAST) * (Math.log1p(bytes) / most);
      const top = (BARS_HEIGHT - height) / 2;
      return `M${at + (1 - BAR_SHARE) / 2} ${round(top)}h${BAR_SHARE}v${round(height)}h-${BAR_SHARE}z`;
    })
    .join("");
}

const round = (value: number) => Math.round(value * 100) / 100;
