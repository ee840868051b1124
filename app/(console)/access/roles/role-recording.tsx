"use client";

import { useState } from "react";
import type { RoleView } from "../../../../lib/access/roles/schema.ts";
import { Fact, Facts } from "../../../components/audit/detail/facts.tsx";
import { Button } from "../../../components/button.tsx";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { RecordingDialog } from "./recording-dialog.tsx";
import { RECORDING_WORDS } from "./recording-words.ts";

/** Whether the sessions of a role are recorded; who may changes it here. */
export function RoleRecording({ role, onChanged }: { role: RoleView; onChanged: () => void }) {
  const [editing, setEditing] = useState(false);
  const mayChange = useViewer().permissions.includes("access:write");
  const { label, meaning } = RECORDING_WORDS[role.record];
  return (
    <section
      className="flex items-start gap-4 border-b border-line px-5 py-4 max-tablet:flex-wrap max-tablet:px-4"
      aria-labelledby="recording"
    >
      <div className="min-w-0 flex-1">
        <h3 id="recording" className="pb-1.5 text-meta font-medium text-fg-3">
          Recording of sessions
        </h3>
        <Facts>
          <Fact name="Sessions">
            {label}. <span className="text-fg-3">{meaning}</span>
          </Fact>
          <Fact name="What is typed">{describeInput(role)}</Fact>
        </Facts>
      </div>
      {mayChange ? <Button onClick={() => setEditing(true)}>Change recording</Button> : null}
      {editing ? <RecordingDialog role={role} open onOpenChange={setEditing} onDone={onChanged} /> : null}
    </section>
  );
}

function describeInput({ record, recordInput }: RoleView): string {
  if (record === "off") return "Not recorded";
  return recordInput ? "Recorded, passwords among it" : "Not recorded; only what the screen shows";
}
