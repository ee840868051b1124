import { classNames } from "./class-names.ts";

/** A grey bar where text will be. */
export function Skeleton({ width, className }: { width: number | string; className?: string }) {
  return <i aria-hidden className={classNames("skeleton-bar", className)} style={{ width }} />;
}
