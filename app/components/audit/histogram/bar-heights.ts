/** A bar is never lower than this, in per cent of the plot's height: that something was there is seen. */
const LOWEST = 6;
/** Of a bar with both, neither part is lower than this: one failure among thousands is seen, and so is that most went well. */
const LOWEST_PART = 1.7;

/** How high the two parts of a bar are drawn, in per cent of the plot's height, where `top` is as high as the plot. */
export function barHeights(
  { success, failure }: { success: number; failure: number },
  top: number,
): { success: number; failure: number } {
  const count = success + failure;
  if (count === 0) return { success: 0, failure: 0 };
  const height = Math.max(LOWEST, (count / top) * 100);
  if (success === 0 || failure === 0) return { success: success && height, failure: failure && height };
  const failed = Math.min(height - LOWEST_PART, Math.max(LOWEST_PART, (failure / count) * height));
  return { success: height - failed, failure: failed };
}
