"use client";

import { CircleCheck, CircleX, X } from "lucide-react";
import type { ReactNode } from "react";
import { Toaster as SonnerToaster, toast } from "sonner";
import { Button } from "./button.tsx";
import { IconButton } from "./icon-button.tsx";

/** Above the foot of a drawer and of the page, whose buttons stay free (styles/drawer.css, frame.css, phone.css). */
const OFFSET = { right: 16, bottom: 60 };
const PHONE_OFFSET = { right: 16, left: 16, bottom: 76 };

/** Bottom right, at most three. */
export function Toaster() {
  return (
    <SonnerToaster
      position="bottom-right"
      visibleToasts={3}
      gap={8}
      offset={OFFSET}
      mobileOffset={PHONE_OFFSET}
      expand
    />
  );
}

/** What a toast looks like: an icon, a title, an action, a line of detail and whatever follows. */
export function ToastCard({
  icon,
  title,
  detail,
  action,
  children,
  role = "status",
}: {
  icon: ReactNode;
  title: string;
  detail?: ReactNode;
  action?: ReactNode;
  children?: ReactNode;
  role?: "status" | "alert";
}) {
  return (
    <div
      role={role}
      className="grid w-[360px] max-w-[calc(100vw-32px)] grid-cols-[16px_1fr_auto] items-center gap-x-2 gap-y-1 rounded-3 border border-line-control bg-bg-raised py-[9px] pr-2 pb-2.5 pl-3 font-sans text-body text-fg shadow-pop [&>svg]:size-3.5"
    >
      {icon}
      <b className="font-medium">{title}</b>
      <span className="flex items-center gap-1">{action}</span>
      {detail ? (
        <span className="col-span-2 col-start-2 text-meta text-fg-3 tabular-nums">{detail}</span>
      ) : null}
      {children}
    </div>
  );
}

/** Something is done; fades after 6 s. */
export function showDone(title: string, detail?: string) {
  toast.custom(
    () => <ToastCard icon={<CircleCheck aria-hidden className="text-ok" />} title={title} detail={detail} />,
    { duration: 6000 },
  );
}

/** Something is done that can be undone; stays for 15 s. */
export function showUndoable(title: string, detail: string, onUndo: () => void) {
  toast.custom(
    (id) => (
      <ToastCard
        icon={<CircleCheck aria-hidden className="text-ok" />}
        title={title}
        detail={detail}
        action={
          <Button
            size="small"
            onClick={() => {
              toast.dismiss(id);
              onUndo();
            }}
          >
            Undo
          </Button>
        }
      />
    ),
    { duration: 15_000 },
  );
}

/** Something failed; stays until closed. Say what happened, then what to do. */
export function showFailure(title: string, detail?: string) {
  toast.custom(
    (id) => (
      <ToastCard
        role="alert"
        icon={<CircleX aria-hidden className="text-fail" />}
        title={title}
        detail={detail}
        action={
          <IconButton label="Dismiss" size="icon-small" onClick={() => toast.dismiss(id)}>
            <X aria-hidden />
          </IconButton>
        }
      />
    ),
    { duration: Number.POSITIVE_INFINITY },
  );
}
