"use client";

import { AlertDialog } from "radix-ui";
import { type ReactNode, useId, useState } from "react";
import { Button } from "./button.tsx";
import { classNames } from "./class-names.ts";
import { SCRIM } from "./dialog.tsx";
import { Input } from "./input.tsx";
import { PANEL } from "./popover.tsx";

/**
 * Asks before something irreversible: names the thing and the consequence; the button repeats the verb; focus starts on
 * the safe choice. With `typeToConfirm` the thing's name has to be typed.
 */
export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  children,
  verb,
  keep = "Cancel",
  harmless = false,
  typeToConfirm,
  onConfirm,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  children: ReactNode;
  verb: string;
  keep?: string;
  /** Nothing is lost by it: the button is not red. */
  harmless?: boolean;
  typeToConfirm?: string;
  onConfirm: () => void | Promise<void>;
}) {
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const inputId = useId();
  const ready = !busy && (typeToConfirm === undefined || typed === typeToConfirm);

  function changeOpen(next: boolean) {
    if (!next) setTyped("");
    onOpenChange(next);
  }

  async function confirm() {
    setBusy(true);
    try {
      await onConfirm();
      changeOpen(false);
    } finally {
      setBusy(false);
    }
  }

  return (
    <AlertDialog.Root open={open} onOpenChange={changeOpen}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={SCRIM} />
        <AlertDialog.Content
          className={classNames(
            PANEL,
            "fixed top-[22vh] left-1/2 z-50 w-[400px] max-w-[calc(100vw-24px)] -translate-x-1/2 px-[18px] pt-4 pb-3.5",
          )}
        >
          <AlertDialog.Title className="text-title font-semibold tracking-[-0.005em]">
            {title}
          </AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div className="mt-1 mb-2.5 text-nav text-fg-2">{children}</div>
          </AlertDialog.Description>
          {typeToConfirm === undefined ? null : (
            <div className="grid gap-1.5">
              <label htmlFor={inputId} className="text-fg-2">
                Type <b className="mono font-medium text-fg">{typeToConfirm}</b> to confirm
              </label>
              <Input
                id={inputId}
                value={typed}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => setTyped(event.target.value)}
              />
            </div>
          )}
          <div className="mt-3 flex justify-end gap-2">
            <AlertDialog.Cancel asChild>
              <Button>{keep}</Button>
            </AlertDialog.Cancel>
            <Button look={harmless ? "primary" : "danger"} disabled={!ready} onClick={() => void confirm()}>
              {verb}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
