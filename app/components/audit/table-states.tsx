"use client";

import { LoadFailed } from "../load-failed.tsx";
import { Skeleton } from "../skeleton.tsx";
import { useDelayed } from "../use-delayed.ts";

/** Rows on their way, after 150 ms. */
export function LoadingRows() {
  const late = useDelayed(true);
  if (!late) return null;
  return (
    <div aria-hidden className="min-h-0 flex-1 overflow-hidden">
      {Array.from({ length: 24 }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <div key={row} className="flex h-8 items-center gap-3.5 border-b border-line-soft px-4">
          {[52, 84, 60, 88 + ((row * 17) % 50), 70, 64 + ((row * 11) % 30)].map((width, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
            <Skeleton key={at} width={width} />
          ))}
        </div>
      ))}
    </div>
  );
}

/** The query could not run. */
export function FailedRows({
  error,
  noun,
  onRetry,
}: {
  error: unknown;
  noun: { many: string };
  onRetry: () => void;
}) {
  return <LoadFailed title={`The ${noun.many} could not be loaded`} error={error} onRetry={onRetry} />;
}
