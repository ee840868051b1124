"use client";

import { type KeyboardEvent, useState } from "react";
import { MOST_EDITED_CHARACTERS } from "../../../../lib/terminal/sessions/schema.ts";
import { Button } from "../../../components/button.tsx";
import { Dialog, DialogContent } from "../../../components/dialog.tsx";
import type { Asked } from "./use-terminal.ts";

/** `kubectl edit`: the object's text, to be changed in the page. */
export function EditorDialog({
  asked,
  onAnswer,
}: {
  asked: Extract<Asked, { type: "edit" }>;
  onAnswer: (text: string | null) => void;
}) {
  const [text, setText] = useState(asked.text);
  const isTooLong = text.length > MOST_EDITED_CHARACTERS;
  const isChanged = text !== asked.text;
  const save = () => {
    if (!isTooLong) onAnswer(text);
  };
  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if ((event.ctrlKey || event.metaKey) && (event.key === "Enter" || event.key === "s")) {
      event.preventDefault();
      save();
    }
  }
  return (
    <Dialog open onOpenChange={(open) => !open && onAnswer(null)}>
      <DialogContent
        title={`Edit ${asked.name}`}
        description="Saving hands it to kubectl, which sends what has changed. Closing changes nothing."
        keptOn={isChanged ? "outside-and-escape" : "outside"}
        className="w-[860px]"
      >
        <textarea
          aria-label={asked.name}
          className="shell-editor-text"
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          wrap="off"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
        />
        {isTooLong ? (
          <p role="alert" className="mt-2 text-fail">
            The text has {text.length} characters; Kubernetes takes {MOST_EDITED_CHARACTERS} at most.
          </p>
        ) : null}
        <div className="mt-3 flex justify-end gap-2">
          <Button onClick={() => onAnswer(null)}>Discard</Button>
          <Button look="primary" disabled={isTooLong} onClick={save}>
            Save
          </Button>
        </div>
      </DialogContent>
    </Dialog>
  );
}
