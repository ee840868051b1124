"use client";

import Link from "next/link";
import type { RecordingEntry } from "../../../../../../lib/audit/recordings/schema.ts";
import { formatBytes, formatDuration } from "../../../../../components/audit/format-count.ts";
import { Button } from "../../../../../components/button.tsx";
import { LoadFailed } from "../../../../../components/load-failed.tsx";
import { MessagePanel } from "../../../../../components/message-panel.tsx";
import { RequestError } from "../../../../../components/request-error.ts";
import { Skeleton } from "../../../../../components/skeleton.tsx";
import { useDelayed } from "../../../../../components/use-delayed.ts";

/** On its way; nothing for the first moments. */
export function RecordingLoading() {
  if (!useDelayed(true)) return <span />;
  return (
    <div aria-hidden className="grid content-start gap-5 p-4">
      <div className="flex gap-6">
        {[180, 90, 110, 160, 80, 130].map((width) => (
          <Skeleton key={width} width={width} />
        ))}
      </div>
      <div className="h-[52vh] rounded-2 bg-bg-inset" />
    </div>
  );
}

/** The recording, or what plays it, could not be read. */
export function RecordingFailed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const known = error instanceof RequestError ? error : null;
  if (known?.status === 404 || known?.status === 410) return <RecordingGone message={known.message} />;
  if (known?.status === 403) return <RecordingForbidden message={known.message} />;
  return <LoadFailed title="The recording could not be loaded" error={error} onRetry={onRetry} />;
}

function RecordingGone({ message }: { message: string }) {
  return (
    <MessagePanel role="alert" title="There is no such recording" actions={<ToTheList />}>
      {message} Recordings are kept as long as the record: an older one was removed with its day.
    </MessagePanel>
  );
}

function RecordingForbidden({ message }: { message: string }) {
  return (
    <MessagePanel role="alert" title="This recording is not for you" actions={<ToTheList />}>
      {message}
    </MessagePanel>
  );
}

function ToTheList() {
  return (
    <Button asChild>
      <Link href="/audit/kubernetes/recordings">Pod sessions</Link>
    </Button>
  );
}

/** The session has ended; screens, commands and text are being made of it. `problem`: why it did not come to that the last time. */
export function RecordingPreparing({
  entry,
  problem,
}: {
  entry: RecordingEntry | null;
  problem: string | null;
}) {
  return (
    <div className="recording-preparing">
      <MessagePanel role="status" title="Being prepared for playback">
        {entry
          ? `${formatDuration(entry.durationMs)} with ${formatBytes(entry.outputBytes)} of output were recorded. `
          : "The session has just ended. "}
        The page plays it as soon as it is ready
        {problem === null
          ? ", most often within seconds."
          : `. The last try failed, the next follows: ${problem}`}
        <span aria-hidden className="progress">
          <i />
        </span>
      </MessagePanel>
    </div>
  );
}

/** It could not be made ready to play; what was recorded is still there. */
export function RecordingUnplayable({ problem }: { problem: string | null }) {
  return (
    <MessagePanel role="alert" title="The recording cannot be played" actions={<ToTheList />}>
      {problem ?? "What was recorded could not be made ready to play."} What was written of it can still be
      downloaded.
    </MessagePanel>
  );
}
