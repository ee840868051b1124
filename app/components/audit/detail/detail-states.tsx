"use client";

import { Button } from "../../button.tsx";
import { MessagePanel } from "../../message-panel.tsx";
import { RequestError } from "../../request-error.ts";
import { Skeleton } from "../../skeleton.tsx";
import { useDelayed } from "../../use-delayed.ts";

/** A drawer whose entry is on its way; nothing for the first moments. */
export function DetailLoading() {
  if (!useDelayed(true)) return null;
  return (
    <div className="grid gap-4 p-5" aria-hidden>
      {[220, 320, 180, 260, 240, 200].map((width) => (
        <Skeleton key={width} width={width} />
      ))}
    </div>
  );
}

/** A drawer whose entry did not come: there is none, or the answer failed. */
export function DetailFailed({
  noun,
  error,
  onRetry,
}: {
  noun: string;
  error: unknown;
  onRetry: () => void;
}) {
  const known = error instanceof RequestError ? error : null;
  const isMissing = known?.status === 404;
  return (
    <MessagePanel
      role="alert"
      title={isMissing ? `There is no such ${noun}` : `The ${noun} could not be loaded`}
      actions={isMissing ? null : <Button onClick={onRetry}>Try again</Button>}
    >
      {known?.message ?? "The answer could not be read."}
    </MessagePanel>
  );
}
