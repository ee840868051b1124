"use client";

import { CircleCheck, CircleX, Send } from "lucide-react";
import { useState } from "react";
import { StreamTest } from "../../../../../lib/streams/schema.ts";
import { Button } from "../../../../components/button.tsx";
import { CodeBlock } from "../../../../components/code-block.tsx";
import { sendJson } from "../../../../components/request-json.ts";
import { prettyJson } from "../pretty-json.ts";
import { type StreamDraft, tryBody } from "./draft.ts";
import { Fold } from "./fold.tsx";

/** Sends a test record as the form is now, and says what came back. */
export function TryStream({
  draft,
  id,
  onRefused,
}: {
  draft: StreamDraft;
  id: string | undefined;
  /** What of the form the API refuses; null: nothing. */
  onRefused: (error: unknown) => void;
}) {
  const [result, setResult] = useState<StreamTest | null>(null);
  const [busy, setBusy] = useState(false);
  async function send() {
    setBusy(true);
    setResult(null);
    try {
      const tested = await sendJson("/api/v1/streams/try", StreamTest, "POST", tryBody(draft, id));
      onRefused(null);
      setResult(tested);
    } catch (error) {
      onRefused(error);
    } finally {
      setBusy(false);
    }
  }
  return (
    <div className="grid grid-cols-1 gap-2">
      <Button
        className="justify-self-start"
        aria-disabled={busy}
        onClick={() => (busy ? undefined : void send())}
      >
        <Send aria-hidden />
        {busy ? "Sending…" : "Send a test record"}
      </Button>
      <div aria-live="polite">{result ? <Result result={result} /> : null}</div>
    </div>
  );
}

function Result({ result: { ok, text, milliseconds, sent } }: { result: StreamTest }) {
  const Icon = ok ? CircleCheck : CircleX;
  return (
    <div className="grid grid-cols-1 gap-2">
      <p className={`flex items-start gap-1.5 wrap-anywhere ${ok ? "text-ok" : "text-fail"}`}>
        <Icon aria-hidden className="mt-px size-3.5! flex-none" />
        <span>
          {ok ? text : `It was not taken: ${text}`} <span className="text-fg-3">{milliseconds} ms</span>
        </span>
      </p>
      <Fold title="What was sent" open={false}>
        <CodeBlock
          text={prettyJson(sent)}
          language="json"
          label="Test record"
          className="max-h-[260px] overflow-auto"
        />
      </Fold>
    </div>
  );
}
