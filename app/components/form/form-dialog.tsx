"use client";

import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "../button.tsx";
import { Dialog, DialogClose, DialogContent } from "../dialog.tsx";
import { holdPage, SIGN_IN_ELSEWHERE } from "../session-end.ts";
import { type FieldErrors, type FieldWords, NO_ERRORS, readFieldErrors } from "./field-errors.ts";

/** A form in a dialog. What the API refuses is shown at its field; what belongs to none, above the buttons. */
export function FormDialog({
  open,
  onOpenChange,
  title,
  description,
  verb,
  fields,
  draft,
  words,
  onSubmit,
  children,
  className,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  /** What the button says. */
  verb: string;
  /** The names of the fields, as the API calls them. */
  fields: readonly string[];
  /** What is entered: once it has changed, a click beside the dialog does not throw it away. */
  draft: object;
  /** What the form says in place of the API's words. */
  words?: FieldWords;
  /** Closes the dialog when it returns; what it throws is shown. */
  onSubmit: () => Promise<void>;
  children: (errors: FieldErrors) => ReactNode;
  className?: string;
}) {
  const [errors, setErrors] = useState(NO_ERRORS);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const entered = JSON.stringify(draft);
  const [before, setBefore] = useState({ open, entered });
  if (before.open !== open) setBefore({ open, entered });

  const isEntered = open && entered !== before.entered;
  useEffect(() => (isEntered ? holdPage() : undefined), [isEntered]);

  // Once what is wrong is shown, the focus goes to the first field of it.
  useEffect(() => {
    if (errors !== NO_ERRORS) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [errors]);

  function changeOpen(next: boolean) {
    setErrors(NO_ERRORS);
    onOpenChange(next);
  }

  async function submit() {
    setBusy(true);
    try {
      await onSubmit();
      changeOpen(false);
    } catch (error) {
      setErrors(readFieldErrors(error, fields, words));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog open={open} onOpenChange={changeOpen}>
      <DialogContent
        title={title}
        description={description}
        className={className}
        keptOn={entered === before.entered ? "nothing" : "outside"}
      >
        <form
          ref={form}
          noValidate
          className="grid grid-cols-1 gap-3.5"
          onSubmit={(event) => {
            event.preventDefault();
            if (!busy) void submit();
          }}
        >
          {children(errors)}
          {errors.general ? (
            <p
              role="alert"
              className="rounded-2 border border-fail-line bg-fail-row px-3 py-2 wrap-anywhere text-fg"
            >
              {errors.general}
            </p>
          ) : null}
          {errors.isSessionOver ? (
            <p role="alert" className="rounded-2 border border-fail-line bg-fail-row px-3 py-2 text-fg">
              Your session has ended; what you entered is still here.{" "}
              <a
                href={SIGN_IN_ELSEWHERE}
                target="_blank"
                rel="noreferrer"
                className="font-medium text-accent"
              >
                Sign in in another tab
              </a>
              , then send it again.
            </p>
          ) : null}
          <div className="mt-0.5 flex justify-end gap-2">
            <DialogClose asChild>
              <Button>Cancel</Button>
            </DialogClose>
            <Button type="submit" look="primary" aria-disabled={busy}>
              {verb}
            </Button>
          </div>
        </form>
      </DialogContent>
    </Dialog>
  );
}
