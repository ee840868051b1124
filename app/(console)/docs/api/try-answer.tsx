"use client";

import { CircleCheck, CircleX } from "lucide-react";
import { formatBytes, formatDuration } from "../../../components/audit/format-count.ts";
import { CodeBlock } from "../../../components/code-block.tsx";
import { CopyButton } from "../../../components/copy-button.tsx";
import type { Tried, useTry } from "./use-try.ts";

/** Longer answers are shown in part: colours for megabytes would hold up the page. */
const MOST_SHOWN = 40_000;

/** Status, time, size and body of what came back. */
export function TryAnswer({ tried: { answer, failure } }: { tried: ReturnType<typeof useTry> }) {
  if (failure) {
    return (
      <p role="alert" className="text-fail">
        {failure}
      </p>
    );
  }
  if (!answer) return null;
  const failed = answer.status >= 400;
  const Icon = failed ? CircleX : CircleCheck;
  const body = printed(answer);
  const shown = body.slice(0, MOST_SHOWN);
  return (
    <section aria-label="Answer" aria-live="polite" className="grid gap-1">
      <p className="flex items-center gap-2 tabular-nums">
        <span className={failed ? "result is-failure" : "result"}>
          <Icon aria-hidden />
          {answer.status} {answer.statusText}
        </span>
        <span className="text-fg-3">
          {formatDuration(answer.milliseconds)}, {formatBytes(answer.bytes)}
        </span>
        <CopyButton className="ml-auto" text={body} label="Copy answer" />
      </p>
      {answer.mediaType === "application/json" ? (
        <CodeBlock text={shown} language="json" label="Body" className="max-h-[420px] overflow-auto" />
      ) : (
        <pre className="code max-h-[420px] overflow-auto px-3 py-2">{shown}</pre>
      )}
      {shown.length < body.length ? (
        <p className="text-fg-3">
          The first {formatBytes(MOST_SHOWN)} of {formatBytes(body.length)}; Copy takes all.
        </p>
      ) : null}
      {answer.requestId ? <p className="text-meta text-fg-3">X-Request-Id {answer.requestId}</p> : null}
    </section>
  );
}

function printed({ mediaType, text }: Tried): string {
  if (mediaType !== "application/json") return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
