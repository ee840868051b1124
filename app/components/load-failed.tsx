"use client";

import { Button } from "./button.tsx";
import { CopyButton } from "./copy-button.tsx";
import { MessagePanel } from "./message-panel.tsx";
import { RequestError } from "./request-error.ts";

/** What could not be loaded, why, and what to do: ask again, and tell which request it was. */
export function LoadFailed({
  title,
  error,
  onRetry,
}: {
  title: string;
  error: unknown;
  onRetry: () => void;
}) {
  const known = error instanceof RequestError ? error : null;
  const isOutage = known !== null && (known.status === 0 || known.status >= 500);
  return (
    <MessagePanel
      role="alert"
      title={title}
      actions={
        <>
          <Button onClick={onRetry}>Try again</Button>
          {known?.requestId ? (
            <CopyButton look="ghost" text={known.requestId} label="Copy request id">
              Copy request id
            </CopyButton>
          ) : null}
        </>
      }
    >
      {known?.message ?? "The answer could not be read."}
      {isOutage ? " This page asks again by itself." : ""}
    </MessagePanel>
  );
}
