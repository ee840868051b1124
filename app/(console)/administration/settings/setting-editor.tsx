"use client";

import { type FormEvent, useState } from "react";
import type { SettingValue, SettingView } from "../../../../lib/settings/schema.ts";
import { Button } from "../../../components/button.tsx";
import { type FieldErrors, NO_ERRORS, readFieldErrors } from "../../../components/form/field-errors.ts";
import { RequestError } from "../../../components/request-error.ts";
import { RetentionDialog, shortenedRetention } from "./retention-dialog.tsx";
import { SettingControl } from "./setting-control.tsx";
import { useChangeSettings } from "./use-change-settings.tsx";

/** The form in place of a setting's value. What the API refuses stands at the field. */
export function SettingEditor({ setting, onClose }: { setting: SettingView; onClose: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(setting.written));
  const [errors, setErrors] = useState<FieldErrors>(NO_ERRORS);
  const [asking, setAsking] = useState<{ value: SettingValue; days: number } | null>(null);
  const { change, busy } = useChangeSettings();

  async function save(value: SettingValue) {
    try {
      await change(setting, value);
      onClose();
    } catch (error) {
      setErrors(errorsOf(error));
    }
  }
  function submit(value: SettingValue) {
    const days = shortenedRetention(setting, value);
    if (days === null) void save(value);
    else setAsking({ value, days });
  }
  function onSubmit(event: FormEvent) {
    event.preventDefault();
    submit(sentValue(setting, draft));
  }
  const error = errors.of("changes.0") ?? errors.general ?? sessionOver(errors);
  return (
    <form
      className="grid max-w-[520px] gap-2"
      onSubmit={onSubmit}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.stopPropagation();
        onClose();
      }}
    >
      <SettingControl setting={setting} draft={draft} onChange={setDraft} error={error ?? undefined} />
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" look="primary" disabled={busy}>
          Save
        </Button>
        <Button onClick={onClose}>Cancel</Button>
        {setting.revision === 0 ? null : (
          <Button look="ghost" disabled={busy} onClick={() => submit(null)}>
            Back to the default{setting.fallback === null ? "" : ` (${setting.fallback})`}
          </Button>
        )}
      </div>
      <RetentionDialog
        days={asking?.days ?? null}
        onClose={() => setAsking(null)}
        onConfirm={() => (asking ? save(asking.value) : Promise.resolve())}
      />
    </form>
  );
}

/** Of a setting that somebody else has changed meanwhile the whole sentence counts, which says who. */
function errorsOf(error: unknown): FieldErrors {
  const isConflict = error instanceof RequestError && error.code === "conflict";
  return isConflict ? { ...NO_ERRORS, general: error.message } : readFieldErrors(error, ["changes.0"]);
}

const sessionOver = ({ isSessionOver }: FieldErrors) =>
  isSessionOver ? "Your session has ended. Sign in again in another tab, then save." : null;

/** A value as the form has it: a list is a line each. */
function draftOf(written: SettingValue): string {
  return Array.isArray(written) ? written.join("\n") : String(written ?? "");
}

/** What is sent: a list where the setting is one; an empty text gives the setting back to its default. */
function sentValue({ written }: SettingView, draft: string): SettingValue {
  const text = draft.trim();
  if (Array.isArray(written)) {
    const lines = draft.split("\n").filter((line) => line.trim() !== "");
    return lines.length === 0 ? null : lines;
  }
  if (typeof written === "boolean" && /^(true|false)$/.test(text)) return text === "true";
  if (typeof written === "number" && /^-?\d+$/.test(text)) return Number(text);
  return text === "" ? null : text;
}
