"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { z } from "zod";
import { ChannelView } from "../../../../lib/alerts/channels/schema.ts";
import { AlertView } from "../../../../lib/alerts/schema.ts";
import { Checkbox } from "../../../components/checkbox.tsx";
import { SelectField, TextAreaField } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { InputField } from "../../../components/input.tsx";
import { requestJson, sendJson } from "../../../components/request-json.ts";
import { useTimeZoneChoice } from "../../../components/time/time-zone.tsx";
import { showDone } from "../../../components/toaster.tsx";
import { type AlertDraft, alertOf, draftOf, lengthOptions } from "./alert-draft.ts";
import { AlertPreviewLine } from "./alert-preview-line.tsx";
import { SURFACE_LABELS } from "./alert-words.ts";
import { QuietHoursFields } from "./quiet-hours-fields.tsx";
import type { WantedAlert } from "./use-wanted-alert.ts";

const ENDPOINT = "/api/v1/alerts";
const CHANNELS = "/api/v1/alert-channels";
const ChannelList = z.object({ channels: z.array(ChannelView) });
const SURFACES = Object.entries(SURFACE_LABELS).map(([value, label]) => ({ value, label }));

/** Adds an alert (`new`), or changes one. */
export function AlertDialog({
  alert,
  wanted,
  onClose,
  onDone,
}: {
  alert: AlertView | "new" | null;
  wanted: WantedAlert | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const before = alert === "new" ? null : alert;
  const timeZone = useTimeZoneChoice().timeZone ?? "UTC";
  const [draft, setDraft] = useState(() => draftOf(before, wanted));
  const set = (change: Partial<AlertDraft>) => setDraft((now) => ({ ...now, ...change }));
  const { data } = useQuery({
    queryKey: [CHANNELS],
    queryFn: ({ signal }) => requestJson(CHANNELS, ChannelList, { signal }),
    enabled: alert !== null,
  });
  async function submit() {
    const body = alertOf(draft, timeZone, before);
    if (before === null) await sendJson(ENDPOINT, AlertView, "POST", body);
    else await sendJson(`${ENDPOINT}/${before.id}`, AlertView, "PATCH", body);
    showDone(before === null ? "Alert added" : "Alert changed", draft.name);
    onDone();
  }
  return (
    <FormDialog
      open={alert !== null}
      onOpenChange={(open) => !open && onClose()}
      title={before === null ? "Add alert" : "Change alert"}
      description="It is told of what is on the record from now on. The message has a link to the list, and nothing of the record itself."
      verb={before === null ? "Add alert" : "Change"}
      fields={["name", "surface", "filter", "moreThan", "withinMs", "againAfterMs", "quiet", "channels"]}
      draft={draft}
      words={{ name: { empty: "Give it a name." } }}
      onSubmit={submit}
    >
      {(errors) => (
        <>
          <InputField
            id="alert-name"
            label="Name"
            autoComplete="off"
            value={draft.name}
            onChange={(event) => set({ name: event.target.value })}
            error={errors.of("name")}
          />
          <SelectField
            id="alert-surface"
            label="Of"
            value={draft.surface}
            onValueChange={(surface) => set({ surface: surface as AlertDraft["surface"] })}
            options={SURFACES}
            error={errors.of("surface")}
          />
          <TextAreaField
            id="alert-filter"
            label="Filter"
            rows={2}
            hint="As in the list. None: every record."
            placeholder={'verb = "get" AND resource = "secrets"'}
            value={draft.filter}
            onChange={(event) => set({ filter: event.target.value })}
            error={errors.of("filter")}
          />
          <div className="grid grid-cols-2 items-start gap-3">
            <InputField
              id="alert-more-than"
              label="Fires at more than"
              inputMode="numeric"
              autoComplete="off"
              hint="Matches. 0: at any."
              value={draft.moreThan}
              onChange={(event) => set({ moreThan: event.target.value })}
              error={errors.of("moreThan")}
            />
            <SelectField
              id="alert-within"
              label="Within"
              value={draft.withinMs}
              onValueChange={(withinMs) => set({ withinMs })}
              options={lengthOptions(draft.withinMs)}
              error={errors.of("withinMs")}
            />
          </div>
          <SelectField
            id="alert-again"
            label="Again after"
            hint="What matches sooner is told together, then."
            value={draft.againAfterMs}
            onValueChange={(againAfterMs) => set({ againAfterMs })}
            options={lengthOptions(draft.againAfterMs)}
            error={errors.of("againAfterMs")}
          />
          <AlertPreviewLine draft={draft} timeZone={before?.timeZone ?? timeZone} />
          <QuietHoursFields
            draft={draft}
            onChange={set}
            timeZone={before?.quiet?.timeZone ?? timeZone}
            error={errors.of("quiet")}
          />
          <fieldset className="grid gap-1.5">
            <legend className="mb-1 font-medium text-fg-2">Tells</legend>
            {data?.channels.length === 0 ? (
              <p className="text-fg-3">
                There is no channel yet: <Link href="/audit/alerts/channels">add one</Link>. Until then it has
                a history alone.
              </p>
            ) : null}
            {data?.channels.map(({ id, name, to }) => (
              <label
                key={id}
                htmlFor={`channel-${id}`}
                className="flex items-center gap-2 max-tablet:min-h-9"
              >
                <Checkbox
                  id={`channel-${id}`}
                  checked={draft.channels.includes(id)}
                  onCheckedChange={(checked) =>
                    set({
                      channels: checked
                        ? [...draft.channels, id]
                        : draft.channels.filter((each) => each !== id),
                    })
                  }
                />
                <span>
                  {name} <span className="text-fg-3">{to.kind}</span>
                </span>
              </label>
            ))}
            {errors.of("channels") ? (
              <p role="alert" className="text-fail">
                {errors.of("channels")}
              </p>
            ) : null}
          </fieldset>
        </>
      )}
    </FormDialog>
  );
}
