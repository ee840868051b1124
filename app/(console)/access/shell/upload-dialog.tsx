"use client";

import { Upload } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { Button } from "../../../components/button.tsx";
import { Dialog, DialogContent } from "../../../components/dialog.tsx";
import { sendFile } from "./send-file.ts";
import type { TerminalConnection } from "./terminal-connection.ts";
import type { Asked, TerminalModel } from "./use-terminal.ts";

/** The shell asks for a file: dropped, or picked. */
export function UploadDialog({
  asked,
  connection,
  told,
  dropped,
  onDone,
}: {
  asked: Extract<Asked, { type: "askUpload" }>;
  connection: TerminalConnection;
  told: TerminalModel["upload"];
  dropped: File | null;
  onDone: () => void;
}) {
  const [file, setFile] = useState<File | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const arrived = useRef<(bytes: number) => void>(() => {});
  const underway = useRef<AbortController | null>(null);
  const most = asked.mostBytes / 2 ** 20;

  const stop = useCallback((why: string) => {
    underway.current?.abort();
    underway.current = null;
    setFile(null);
    setProblem(why);
  }, []);
  const start = useCallback(
    (chosen: File) => {
      // One at a time: the gateway takes no other meanwhile.
      if (underway.current) return;
      if (chosen.size > asked.mostBytes) {
        setProblem(`${chosen.name} is larger than ${most} MB, which is the most.`);
        return;
      }
      const sending = new AbortController();
      underway.current = sending;
      setProblem(null);
      setFile(chosen);
      const { signal } = sending;
      const hear = (tell: (bytes: number) => void) => {
        arrived.current = tell;
      };
      sendFile(connection, asked.id, chosen, { hear, signal }).then(
        (isSent) => isSent && onDone(),
        () => signal.aborted || stop(`${chosen.name} could not be read.`),
      );
    },
    [asked, connection, most, onDone, stop],
  );

  useEffect(() => {
    if (told?.id !== asked.id) return;
    if (told.type === "uploaded") arrived.current(told.bytes);
    else stop(told.message);
  }, [told, asked.id, stop]);

  // It is asked again when the connection was lost, with which went what had arrived.
  const first = useRef(asked);
  useEffect(() => {
    if (asked === first.current) return;
    first.current = asked;
    if (underway.current) stop("The connection was lost meanwhile. Choose the file again.");
  }, [asked, stop]);

  const begun = useRef<File | null>(null);
  useEffect(
    () => () => {
      underway.current?.abort();
      underway.current = null;
      begun.current = null;
    },
    [],
  );
  useEffect(() => {
    if (!dropped || begun.current === dropped) return;
    begun.current = dropped;
    start(dropped);
  }, [dropped, start]);

  function giveUp() {
    connection.send({ type: "uploadGivenUp", id: asked.id });
    onDone();
  }

  return (
    <Dialog open onOpenChange={(open) => !open && giveUp()}>
      <DialogContent
        title="Upload a file"
        description={`Into the terminal's private directory, at most ${most} MB. It goes when the terminal ends.`}
        keptOn="outside"
      >
        <label
          className="shell-drop"
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault();
            event.stopPropagation();
            const [chosen] = event.dataTransfer.files;
            if (chosen) start(chosen);
          }}
        >
          <Upload aria-hidden />
          {file ? `Sending ${file.name}…` : "Drop a file here, or choose one"}
          <input
            type="file"
            className="sr-only"
            disabled={file !== null}
            onChange={(event) => {
              const [chosen] = event.target.files ?? [];
              if (chosen) start(chosen);
            }}
          />
        </label>
        {file ? (
          <progress
            className="mt-3 w-full"
            max={Math.max(1, file.size)}
            value={told?.type === "uploaded" ? told.bytes : 0}
            aria-label={file.name}
          />
        ) : null}
        {problem ? (
          <p role="alert" className="mt-2 wrap-anywhere text-fail">
            {problem}
          </p>
        ) : null}
        <div className="mt-3 flex justify-end">
          <Button onClick={giveUp}>Cancel</Button>
        </div>
      </DialogContent>
    </Dialog>
  );
}
