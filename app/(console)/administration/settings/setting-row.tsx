"use client";

import { TriangleAlert } from "lucide-react";
import { useRef, useState } from "react";
import type { SettingView } from "../../../../lib/settings/schema.ts";
import { Button } from "../../../components/button.tsx";
import { When } from "../../../components/time/when.tsx";
import { SettingEditor } from "./setting-editor.tsx";

/** One setting: what it means, what it is, where that comes from, and a form in its place while it is being changed. */
export function SettingRow({ setting, mayChange }: { setting: SettingView; mayChange: boolean }) {
  const [editing, setEditing] = useState(false);
  const change = useRef<HTMLButtonElement>(null);
  const { name, variable, value, meaning, problem } = setting;
  const open = mayChange && setting.changeable && setting.setIn === null;
  function close() {
    setEditing(false);
    // The button is there again with the next frame.
    requestAnimationFrame(() => change.current?.focus());
  }
  return (
    <div data-setting={name}>
      <dt title={`Environment variable ${variable}`}>
        <span className="identifier">{name}</span>
        <span>{plain(meaning)}</span>
      </dt>
      <dd>
        {editing ? (
          <SettingEditor setting={setting} onClose={close} />
        ) : (
          <div className="flex items-start gap-3">
            <div className="min-w-0 flex-1">
              <p className={value === null ? "text-fg-3" : "break-words"}>{value ?? "Not set"}</p>
              <Origin setting={setting} />
              {problem === null ? null : (
                <p className="flex items-start gap-1.5 text-warn">
                  <TriangleAlert aria-hidden className="mt-0.5 size-3.5 flex-none" />
                  {problem}
                </p>
              )}
            </div>
            {open ? (
              <Button ref={change} aria-label={`Change ${name}`} onClick={() => setEditing(true)}>
                Change
              </Button>
            ) : null}
          </div>
        )}
      </dd>
    </div>
  );
}

function Origin({ setting }: { setting: SettingView }) {
  const { origin, setIn, changedBy, changedAt, changeable } = setting;
  if (setIn !== null) {
    return (
      <p className="text-meta text-fg-3">
        Fixed by {origin === "environment" ? `${setIn} in the environment` : setIn}
      </p>
    );
  }
  if (origin === "console") {
    return (
      <p className="text-meta text-fg-3">
        Set here by {changedBy ?? "the gateway"}, <When time={changedAt} absent="" />
      </p>
    );
  }
  return changeable ? <p className="text-meta text-fg-3">Default</p> : null;
}

/** The documentation's words, without its marks. */
const plain = (meaning: string) => meaning.replaceAll("`", "").replace(/\s*\(\[[^\]]*\]\([^)]*\)\)/g, "");
