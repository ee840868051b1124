"use client";

import { Pause, Pencil, Play, RotateCcw, Send, Trash2 } from "lucide-react";
import { useState } from "react";
import { z } from "zod";
import { StreamTest, StreamView } from "../../../../lib/streams/schema.ts";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import type { RowAction } from "../../../components/list/list-column.ts";
import { sendJson } from "../../../components/request-json.ts";
import { showDone, showFailure } from "../../../components/toaster.tsx";
import { ReplayDialog } from "./replay-dialog.tsx";
import { countOf } from "./stream-words.ts";

/** What can be done with a stream, and what is asked before. */
export function useStreamActions({
  refresh,
  onChange,
  onRemoved,
}: {
  refresh: () => void;
  onChange: (stream: StreamView) => void;
  onRemoved: () => void;
}) {
  const [pausing, setPausing] = useState<StreamView | null>(null);
  const [removing, setRemoving] = useState<StreamView | null>(null);
  const [replaying, setReplaying] = useState<StreamView | null>(null);

  async function attempt(failed: string, run: () => Promise<void>) {
    try {
      await run();
    } catch (error) {
      showFailure(failed, error instanceof Error ? error.message : "");
    }
    refresh();
  }
  const change = (stream: StreamView, verb: "pause" | "resume") =>
    attempt(`${stream.name} was not ${verb}d`, async () => {
      await sendJson(`/api/v1/streams/${stream.id}/${verb}`, StreamView, "POST");
      showDone(verb === "pause" ? "Stream paused" : "Stream resumed", stream.name);
    });
  const test = (stream: StreamView) =>
    attempt("The test record was not sent", async () => {
      const { ok, text, milliseconds } = await sendJson(
        `/api/v1/streams/${stream.id}/test`,
        StreamTest,
        "POST",
      );
      if (ok) showDone("Test record taken", `${stream.name}, in ${milliseconds} ms`);
      else showFailure("Test record not taken", `${stream.name}: ${text}`);
    });
  const remove = (stream: StreamView) =>
    attempt(`${stream.name} was not removed`, async () => {
      await sendJson(`/api/v1/streams/${stream.id}`, z.unknown(), "DELETE");
      showDone("Stream removed", stream.name);
      onRemoved();
    });
  const actionsOf = (stream: StreamView): RowAction[] => [
    { label: "Change…", icon: Pencil, run: () => onChange(stream) },
    isHalted(stream)
      ? { label: "Resume", icon: Play, run: () => void change(stream, "resume") }
      : { label: "Pause…", icon: Pause, run: () => setPausing(stream) },
    { label: "Send a range again…", icon: RotateCcw, run: () => setReplaying(stream) },
    { label: "Send a test record", icon: Send, run: () => void test(stream) },
    { label: "Remove…", icon: Trash2, danger: true, run: () => setRemoving(stream) },
  ];
  const dialogs = (
    <>
      <ReplayDialog
        key={replaying?.id ?? "none"}
        stream={replaying}
        onClose={() => setReplaying(null)}
        onDone={refresh}
      />
      <ConfirmDialog
        open={pausing !== null}
        onOpenChange={(open) => !open && setPausing(null)}
        title={`Pause ${pausing?.name ?? "this stream"}?`}
        verb="Pause"
        keep="Keep it running"
        harmless
        onConfirm={() => (pausing === null ? undefined : change(pausing, "pause"))}
      >
        Nothing is sent until it is resumed; what is recorded meanwhile waits, and is sent then. Retention
        waits for it up to a bound: what is older is dropped unsent.
      </ConfirmDialog>
      <ConfirmDialog
        open={removing !== null}
        onOpenChange={(open) => !open && setRemoving(null)}
        title={`Remove ${removing?.name ?? "this stream"}?`}
        verb="Remove"
        keep="Keep stream"
        typeToConfirm={removing?.name}
        onConfirm={() => (removing === null ? undefined : remove(removing))}
      >
        {removing === null ? null : <Consequences stream={removing} />}
      </ConfirmDialog>
    </>
  );
  return { actionsOf, dialogs };
}

const isHalted = ({ state }: StreamView) => state === "paused" || state === "stopped";

function Consequences({ stream: { name, lag, deadLetters } }: { stream: StreamView }) {
  const waiting = lag.records === 0 ? "" : ` ${countOf(lag.records, "record")} that wait are not sent;`;
  return (
    <>
      Its place in the record, its secrets and {countOf(deadLetters, "dead letter")} are removed.{waiting}{" "}
      What {name}’s receiver has stays there, and what is recorded stays here.
    </>
  );
}
