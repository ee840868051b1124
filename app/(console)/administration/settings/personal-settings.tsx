"use client";

import { type ReactNode, useState } from "react";
import { useShortcutsEnabled } from "../../../components/audit/shortcuts/shortcuts-enabled.ts";
import { Button } from "../../../components/button.tsx";
import { Checkbox } from "../../../components/checkbox.tsx";
import { Segmented } from "../../../components/segmented.tsx";
import type { Theme } from "../../../components/theme/theme.ts";
import { useTheme } from "../../../components/theme/theme-provider.tsx";
import { useTimeZoneChoice } from "../../../components/time/time-zone.tsx";
import { TimeZoneDialog } from "../../../components/time/time-zone-dialog.tsx";

const THEMES: readonly { value: Theme; label: string }[] = [
  { value: "system", label: "System" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

/** Theme, time zone and keys: for this browser. */
export function PersonalSettings() {
  const { theme, setTheme } = useTheme();
  const { timeZone, chosen } = useTimeZoneChoice();
  const [keys, setKeys] = useShortcutsEnabled();
  const [zoneOpen, setZoneOpen] = useState(false);
  return (
    <section className="page-section" aria-labelledby="yours">
      <header>
        <h2 id="yours">Yours</h2>
        <p>kept in this browser</p>
      </header>
      <dl className="settings">
        <Row name="Theme">
          <Segmented label="Theme" value={theme} onValueChange={setTheme} options={THEMES} />
        </Row>
        <Row name="Time zone" note="Times are shown in it, and “today” is its day.">
          <span className="flex items-center gap-3">
            {timeZone ?? ""}
            {chosen === null ? <span className="text-fg-3">follows this browser</span> : null}
            <Button onClick={() => setZoneOpen(true)}>Change</Button>
          </span>
        </Row>
        <Row name="Single keys" note="j and k to move, / to search; ? lists them all.">
          {/* biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control */}
          <label className="flex min-h-7 items-center gap-2 max-tablet:min-h-11">
            <Checkbox checked={keys} onCheckedChange={(next) => setKeys(next === true)} />
            On
          </label>
        </Row>
      </dl>
      <TimeZoneDialog open={zoneOpen} onOpenChange={setZoneOpen} />
    </section>
  );
}

function Row({ name, note, children }: { name: string; note?: string; children: ReactNode }) {
  return (
    <div>
      <dt>
        {name}
        {note ? <span>{note}</span> : null}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}
