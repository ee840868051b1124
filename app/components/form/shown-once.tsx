"use client";

import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "../button.tsx";
import { CopyButton } from "../copy-button.tsx";
import { Dialog, DialogClose, DialogContent } from "../dialog.tsx";

/** Secrets that are shown this once. Nothing but its own buttons closes it. */
export function ShownOnceDialog({
  open,
  onClose,
  title,
  values,
  kept = "only its hash",
  children,
}: {
  open: boolean;
  onClose: () => void;
  title: string;
  values: readonly { label: string; text: string }[];
  /** What Kubewitness keeps of it. */
  kept?: string;
  children?: ReactNode;
}) {
  return (
    <Dialog open={open} onOpenChange={(next) => !next && onClose()}>
      <DialogContent title={title} className="w-[520px]" keptOn="outside-and-escape">
        <div className="grid gap-3">
          <p className="flex items-start gap-2 rounded-2 border border-warn-line bg-warn-tint px-3 py-2 text-fg">
            <TriangleAlert aria-hidden className="mt-px size-3.5! text-warn" />
            Copy it now. It is shown this once: Kubewitness keeps {kept}.
          </p>
          <CopyLines values={values} />
          {children}
          <div className="flex justify-end">
            <DialogClose asChild>
              <Button look="primary">Done</Button>
            </DialogClose>
          </div>
        </div>
      </DialogContent>
    </Dialog>
  );
}

/** Names and texts to copy. */
export function CopyLines({ values }: { values: readonly { label: string; text: string }[] }) {
  return (
    <dl className="grid gap-2.5">
      {values.map(({ label, text }) => (
        <div key={label} className="grid gap-1">
          <dt className="font-medium text-fg-2">{label}</dt>
          <dd className="flex items-center gap-1 rounded-2 border border-line bg-bg-subtle py-1 pr-1 pl-2.5">
            <span className="mono min-w-0 flex-1 break-all text-fg select-all">{text}</span>
            <CopyButton
              text={text}
              label={`Copy ${label}`}
              aria-label={`Copy ${label}`}
              look="ghost"
              size="small"
            >
              Copy
            </CopyButton>
          </dd>
        </div>
      ))}
    </dl>
  );
}
