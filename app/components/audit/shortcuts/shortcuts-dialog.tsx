"use client";

import { Checkbox } from "../../checkbox.tsx";
import { Dialog, DialogContent } from "../../dialog.tsx";
import { KeyHint } from "../../key-hint.tsx";
import { useModifierKey } from "../../shell/modifier-key.ts";
import { useShortcutsEnabled } from "./shortcuts-enabled.ts";

export interface ShortcutGroup {
  title: string;
  keys: readonly [keys: string[], meaning: string][];
}

/** The keys of a page of the record. */
const AUDIT_GROUPS: readonly ShortcutGroup[] = [
  {
    title: "Rows",
    keys: [
      [["j", "k"], "Next, previous"],
      [["Enter"], "Open"],
      [["Esc"], "Close, clear"],
      [["Home", "End"], "First, last"],
      [["g"], "Go to a time"],
    ],
  },
  {
    title: "Find",
    keys: [
      [["/"], "Search"],
      [["f"], "Filter"],
      [["["], "Facets"],
      [["Alt", "Enter"], "Exclude facet"],
      [["Mod", "K"], "Jump to"],
    ],
  },
  {
    title: "View",
    keys: [
      [["l"], "Live"],
      [["r"], "Refresh"],
      [["c"], "Columns"],
      [["←", "→"], "Column width"],
      [["e"], "Export"],
      [["?"], "All keys"],
    ],
  },
];

/** Every key, and the switch that turns them off. */
export function ShortcutsDialog({
  open,
  onOpenChange,
  groups = AUDIT_GROUPS,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  groups?: readonly ShortcutGroup[];
}) {
  const [enabled, setEnabled] = useShortcutsEnabled();
  const modifier = useModifierKey();
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title="Keys" className="w-[580px]">
        <div className="grid grid-cols-3 gap-x-6 gap-y-4 max-tablet:grid-cols-1">
          {groups.map((group) => (
            <section key={group.title}>
              <h3 className="pb-1 text-meta font-medium text-fg-3">{group.title}</h3>
              <dl>
                {group.keys.map(([keys, meaning]) => (
                  <div key={meaning} className="flex h-7 items-center gap-2">
                    <dt className="flex w-[68px] flex-none gap-1">
                      {keys.map((key) => (
                        <KeyHint key={key}>{key === "Mod" ? modifier : key}</KeyHint>
                      ))}
                    </dt>
                    <dd className="text-fg-2">{meaning}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
        {/* biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control */}
        <label className="mt-4 flex items-center gap-2 border-t border-line pt-3 text-fg-2">
          <Checkbox checked={enabled} onCheckedChange={(next) => setEnabled(next === true)} />
          Letters and signs do something by themselves; arrows, Enter and Esc always do
        </label>
      </DialogContent>
    </Dialog>
  );
}
