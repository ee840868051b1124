"use client";

import { AlertDialog } from "radix-ui";
import { useId, useState } from "react";
import { z } from "zod";
import { EndSessionInput, type RunningSession } from "../../../lib/recordings/live/schema.ts";
import { Button } from "../button.tsx";
import { classNames } from "../class-names.ts";
import { SCRIM } from "../dialog.tsx";
import { Input } from "../input.tsx";
import { PANEL } from "../popover.tsx";
import { sendJson } from "../request-json.ts";
import { showDone } from "../toaster.tsx";

type Ended = Pick<RunningSession, "recordingId" | "name" | "email" | "namespace" | "pod" | "clusterName">;

/** Asks for the reason before somebody's session is ended; the person reads it in the terminal, and the record keeps it. */
export function EndSessionDialog({
  session,
  onClose,
  onDone,
}: {
  /** Null while nothing is to be ended. */
  session: Ended | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const id = useId();

  function close() {
    setReason("");
    setProblem(null);
    onClose();
  }

  async function end(ended: Ended) {
    const input = EndSessionInput.safeParse({ reason });
    if (!input.success)
      return setProblem(`The reason ${input.error.issues[0]?.message ?? "cannot be taken"}.`);
    setBusy(true);
    try {
      const address = `/api/v1/recordings/${encodeURIComponent(ended.recordingId)}/end`;
      await sendJson(address, z.unknown(), "POST", input.data);
      showDone("The session is being ended", `${personOf(ended)} is told why`);
      close();
      onDone();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : "The answer could not be read.");
    } finally {
      setBusy(false);
    }
  }

  return (
    <AlertDialog.Root open={session !== null} onOpenChange={(open) => !open && close()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={SCRIM} />
        {session ? (
          <AlertDialog.Content
            className={classNames(
              PANEL,
              "fixed top-[18vh] left-1/2 z-50 w-[440px] max-w-[calc(100vw-24px)] -translate-x-1/2 px-[18px] pt-4 pb-3.5",
            )}
          >
            <AlertDialog.Title className="text-title font-semibold tracking-[-0.005em] wrap-anywhere">
              End the session of {personOf(session)}?
            </AlertDialog.Title>
            <AlertDialog.Description className="mt-1 mb-3 text-nav text-fg-2 wrap-anywhere">
              It runs in <b className="font-medium text-fg">{placeOf(session)}</b> on{" "}
              <b className="font-medium text-fg">{session.clusterName}</b>. The terminal closes at once; what
              runs in it most often ends with it. Its recording is kept.
            </AlertDialog.Description>
            <form
              className="grid gap-1"
              onSubmit={(event) => {
                event.preventDefault();
                if (!busy) void end(session);
              }}
            >
              <label htmlFor={id} className="font-medium text-fg-2">
                Reason
              </label>
              <Input
                id={id}
                value={reason}
                autoComplete="off"
                aria-invalid={problem !== null || undefined}
                aria-describedby={`${id}-note`}
                onChange={(event) => {
                  setReason(event.target.value);
                  setProblem(null);
                }}
              />
              <p
                id={`${id}-note`}
                role={problem ? "alert" : undefined}
                className={problem ? "text-fail" : "text-fg-3"}
              >
                {problem ?? "Shown in the person’s terminal with your name, and kept on the record."}
              </p>
              <div className="mt-2 flex justify-end gap-2">
                <AlertDialog.Cancel asChild>
                  <Button>Keep it running</Button>
                </AlertDialog.Cancel>
                <Button type="submit" look="danger" aria-disabled={busy}>
                  End session
                </Button>
              </div>
            </form>
          </AlertDialog.Content>
        ) : null}
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

export const personOf = ({ name, email }: Pick<Ended, "name" | "email">): string =>
  name || email || "somebody not signed in";

/** `payments/api-7d9f`, or the web shell. */
export function placeOf({ namespace, pod }: Pick<Ended, "namespace" | "pod">): string {
  return pod === null ? "the web shell" : [namespace, pod].filter(Boolean).join("/");
}
