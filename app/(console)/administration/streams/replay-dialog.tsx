"use client";

import { useState } from "react";
import { StreamView } from "../../../../lib/streams/schema.ts";
import { type StreamSurface, SURFACE_TITLES } from "../../../../lib/streams/surfaces/schema.ts";
import { fromWallTime, toWallTime, type WallTime } from "../../../components/audit/range/wall-time.ts";
import { SelectField } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { InputField } from "../../../components/input.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { Segmented } from "../../../components/segmented.tsx";
import { MomentField } from "../../../components/time/moment-field.tsx";
import { useTimeZoneChoice } from "../../../components/time/time-zone.tsx";
import { showDone } from "../../../components/toaster.tsx";
import { ReplayMeasureText, useReplayMeasure } from "./replay-measure.tsx";

const DAY_MS = 86_400_000;
const BY = [
  { value: "numbers", label: "By numbers" },
  { value: "times", label: "By times" },
] as const;

interface Draft {
  surface: StreamSurface;
  by: "numbers" | "times";
  from: string;
  to: string;
  since: WallTime;
  until: WallTime;
}

/** Sends a range of a stream's record again; how much that is is said before. Another stream is another form: give it a key. */
export function ReplayDialog({
  stream,
  onClose,
  onDone,
}: {
  /** null: closed. */
  stream: StreamView | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const timeZone = useTimeZoneChoice().timeZone ?? "UTC";
  const [draft, setDraft] = useState<Draft>(() => draftOf(stream, timeZone));
  const set = (part: Partial<Draft>) => setDraft((now) => ({ ...now, ...part }));
  const { measure, problem } = useReplayMeasure(stream?.id ?? null, askedBy(draft, timeZone));

  async function submit() {
    if (stream === null) return;
    const { surface } = draft;
    const numbers =
      draft.by === "times" && measure
        ? { from: measure.from, to: measure.to }
        : { from: Number(draft.from), to: Number(draft.to) };
    await sendJson(`/api/v1/streams/${stream.id}/replays`, StreamView, "POST", { surface, ...numbers });
    showDone("Sending again", `${stream.name}: No ${numbers.from} to ${numbers.to}`);
    onDone();
  }
  return (
    <FormDialog
      open={stream !== null}
      onOpenChange={(open) => !open && onClose()}
      title={`Send a range of ${stream?.name ?? ""} again`}
      description="Beside what is new, in its own order. Receivers tell repeats by their ids."
      verb="Send again"
      fields={["surface", "from", "to"]}
      draft={draft}
      onSubmit={submit}
    >
      {(errors) => (
        <>
          <SelectField
            id="replay-surface"
            label="Of"
            value={draft.surface}
            onValueChange={(surface) => set({ surface: surface as StreamSurface })}
            options={(stream?.cursors ?? []).map(({ surface }) => ({
              value: surface,
              label: SURFACE_TITLES[surface],
            }))}
            error={errors.of("surface")}
          />
          <Segmented label="Range" value={draft.by} onValueChange={(by) => set({ by })} options={BY} />
          {draft.by === "numbers" ? (
            <div className="grid grid-cols-2 items-start gap-2">
              <InputField
                id="replay-from"
                label="From No"
                inputMode="numeric"
                autoComplete="off"
                value={draft.from}
                onChange={(event) => set({ from: event.target.value })}
                error={errors.of("from")}
              />
              <InputField
                id="replay-to"
                label="To No"
                inputMode="numeric"
                autoComplete="off"
                value={draft.to}
                onChange={(event) => set({ to: event.target.value })}
                error={errors.of("to")}
              />
            </div>
          ) : (
            <>
              <MomentField
                id="replay-since"
                label="Since"
                hint={timeZone}
                value={draft.since}
                onChange={(since) => set({ since })}
                error={errors.of("from")}
              />
              <MomentField
                id="replay-until"
                label="Until"
                hint={timeZone}
                value={draft.until}
                onChange={(until) => set({ until })}
                error={errors.of("to")}
              />
            </>
          )}
          <ReplayMeasureText measure={measure} problem={problem} />
        </>
      )}
    </FormDialog>
  );
}

function draftOf(stream: StreamView | null, timeZone: string): Draft {
  const [first] = stream?.cursors ?? [];
  const now = Date.now();
  return {
    surface: first?.surface ?? "requests",
    by: "numbers",
    from: "",
    to: first ? String(first.lastNo) : "",
    since: toWallTime(now - DAY_MS, timeZone),
    until: toWallTime(now, timeZone),
  };
}

const WHOLE = /^\d{1,15}$/;

/** What is asked of the API; null while the fields are no range. */
function askedBy({ surface, by, from, to, since, until }: Draft, timeZone: string): URLSearchParams | null {
  if (by === "numbers") {
    const isRange = WHOLE.test(from.trim()) && WHOLE.test(to.trim());
    return isRange ? new URLSearchParams({ surface, from: from.trim(), to: to.trim() }) : null;
  }
  const [first, last] = [fromWallTime(since, timeZone), fromWallTime(until, timeZone)];
  if (first === null || last === null) return null;
  const text = (time: number) => new Date(time).toISOString();
  return new URLSearchParams({ surface, since: text(first), until: text(last) });
}
