"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { SavedView, type SavedViewSurface } from "../../../../lib/audit/views/schema.ts";
import { Button } from "../../button.tsx";
import { Checkbox } from "../../checkbox.tsx";
import { Input } from "../../input.tsx";
import { sendJson } from "../../request-json.ts";
import { useViewer } from "../../shell/viewer.tsx";
import { showDone, showFailure } from "../../toaster.tsx";

/** Keeps what the page shows under a name. */
export function SaveViewForm({
  surface,
  query,
  onSaved,
}: {
  surface: SavedViewSurface;
  /** The page's query string. */
  query: string;
  onSaved: () => void;
}) {
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const mayShare = useViewer().permissions.includes("views:share");
  const save = useMutation({
    mutationFn: () =>
      sendJson("/api/v1/saved-views", SavedView, "POST", { surface, name: name.trim(), query, shared }),
    onSuccess: (view) => {
      setName("");
      onSaved();
      showDone("View saved", view.name);
    },
    onError: (error) => showFailure("The view was not saved", error.message),
  });
  return (
    <form
      className="-mx-1 mt-1 grid gap-2 border-t border-line px-3 pt-2.5 pb-1.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim()) save.mutate();
      }}
    >
      <div className="flex gap-2">
        <Input
          aria-label="Name of the view"
          placeholder="Name this view"
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" disabled={!name.trim() || save.isPending}>
          Save
        </Button>
      </div>
      {mayShare ? (
        // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control
        <label className="flex items-center gap-2 text-fg-2">
          <Checkbox checked={shared} onCheckedChange={(next) => setShared(next === true)} />
          Everyone who reads the audit sees it
        </label>
      ) : null}
    </form>
  );
}
