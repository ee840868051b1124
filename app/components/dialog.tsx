"use client";

import { X } from "lucide-react";
import { Dialog as RadixDialog } from "radix-ui";
import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";
import { IconButton } from "./icon-button.tsx";
import { isComposing } from "./is-composing.ts";
import { PANEL } from "./popover.tsx";

export const Dialog = RadixDialog.Root;
export const DialogTrigger = RadixDialog.Trigger;
export const DialogClose = RadixDialog.Close;

export const SCRIM = "fixed inset-0 z-40 bg-scrim animate-[fade-in_var(--mid)_var(--ease)]";

/** An open list of suggestions takes the Escape key before the dialog that it is in. */
function isListOpen(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches("input[role=combobox][aria-expanded=true]");
}

/** A modal panel with a title. On phones it fills the screen from below. */
export function DialogContent({
  title,
  description,
  children,
  className,
  keptOn = "nothing",
}: {
  title: string;
  description?: ReactNode;
  children: ReactNode;
  className?: string;
  /** What would close it by accident: a click beside it, or that and Escape. */
  keptOn?: "nothing" | "outside" | "outside-and-escape";
}) {
  const keptOnEscape = keptOn === "outside-and-escape";
  return (
    <RadixDialog.Portal>
      <RadixDialog.Overlay className={SCRIM} />
      <RadixDialog.Content
        {...(description ? {} : { "aria-describedby": undefined })}
        onInteractOutside={(event) => {
          if (keptOn !== "nothing") event.preventDefault();
        }}
        onEscapeKeyDown={(event) => {
          if (keptOnEscape || isComposing(event) || isListOpen(event.target)) event.preventDefault();
        }}
        className={classNames(
          PANEL,
          "fixed top-[12vh] left-1/2 z-50 flex max-h-[76vh] w-[440px] max-w-[calc(100vw-24px)] -translate-x-1/2 flex-col",
          "max-tablet:inset-x-0 max-tablet:top-auto max-tablet:bottom-0 max-tablet:max-h-[92dvh] max-tablet:w-full max-tablet:max-w-full max-tablet:translate-x-0 max-tablet:rounded-b-none",
          className,
        )}
      >
        <RadixDialog.Title className="px-[18px] pt-3.5 pr-12 text-title font-semibold wrap-anywhere tracking-[-0.005em]">
          {title}
        </RadixDialog.Title>
        {description ? (
          <RadixDialog.Description className="px-[18px] pt-1 text-nav text-fg-2">
            {description}
          </RadixDialog.Description>
        ) : null}
        <div className="min-h-0 flex-1 overflow-auto px-[18px] pt-3 pb-4">{children}</div>
        {/* Last in order, so that the focus starts on what the dialog is about. */}
        <RadixDialog.Close asChild>
          <IconButton
            label="Close"
            keys={keptOnEscape ? undefined : "Esc"}
            className="absolute top-2.5 right-2.5 max-tablet:top-0.5 max-tablet:right-1"
          >
            <X aria-hidden />
          </IconButton>
        </RadixDialog.Close>
      </RadixDialog.Content>
    </RadixDialog.Portal>
  );
}
