"use client";

import { useEffect, useState } from "react";
import { classNames } from "../../../components/class-names.ts";
import { EditorDialog } from "./editor-dialog.tsx";
import { ScreenReaderButton } from "./screen-reader-button.tsx";
import { paneId, tabId } from "./tab-bar.tsx";
import { TerminalFoot } from "./terminal-foot.tsx";
import { TerminalKeys } from "./terminal-keys.tsx";
import { TerminalNotice } from "./terminal-notice.tsx";
import type { TerminalTab } from "./terminal-tab.ts";
import { UploadDialog } from "./upload-dialog.tsx";
import type { TabsModel } from "./use-tabs.ts";
import { useTerminal } from "./use-terminal.ts";

/** To the end of the line and back to its start, which is cleared: what stands there half typed is not run with it (Ctrl-E, Ctrl-U). */
const UPLOAD_LINE = "\x05\x15upload\r";
/** A file for which no shell asks so soon was dropped on some other program, and is not for an upload later on. */
const DROPPED_MS = 10_000;

/** One terminal: its screen, what is said of its connection, and what the shell asks for. Hidden ones go on. */
export function TerminalPane({
  tab,
  tabs,
  isActive,
}: {
  tab: TerminalTab;
  tabs: TabsModel;
  isActive: boolean;
}) {
  const [dropped, setDropped] = useState<File | null>(null);
  const [isOver, setIsOver] = useState(false);
  const terminal = useTerminal(tab, {
    opened: (terminalId) => tabs.noteTerminal(tab.key, terminalId),
    ended: () => tabs.noteEnd(tab.key),
    download: startDownload,
    leave: () => document.getElementById(tabId(tab.key))?.focus(),
  });
  const { screen, state, asked, connection } = terminal;

  useEffect(() => {
    if (!isActive || !screen) return;
    screen.fit();
    if (document.activeElement?.role !== "tab") screen.focus();
  }, [isActive, screen]);

  const isAsked = asked?.type === "askUpload";
  useEffect(() => {
    if (dropped === null || isAsked) return;
    const timer = setTimeout(() => setDropped(null), DROPPED_MS);
    return () => clearTimeout(timer);
  }, [dropped, isAsked]);

  /** A file that is dropped is uploaded as if the person had asked for it. */
  function drop(file: File | undefined) {
    setIsOver(false);
    if (!file || state.kind !== "connected") return;
    setDropped(file);
    if (!isAsked) screen?.type(UPLOAD_LINE);
  }

  return (
    <section
      id={paneId(tab.key)}
      role="tabpanel"
      aria-labelledby={tabId(tab.key)}
      hidden={!isActive}
      className={classNames("shell-pane", isOver && "is-over")}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        drop(event.dataTransfer.files[0]);
      }}
    >
      <TerminalNotice
        state={state}
        cluster={tab.clusterName}
        onNew={() => tabs.renew(tab.key)}
        onClose={() => tabs.close(tab.key)}
        onTakeBack={() => connection?.takeBack()}
      />
      <ScreenReaderButton screen={screen} />
      <div className="shell-screen" data-over={state.kind === "ended" || undefined}>
        <div ref={terminal.element} className="h-full" />
      </div>
      <TerminalKeys screen={state.kind === "connected" ? screen : null} />
      <TerminalFoot terminal={terminal} tab={tab} />
      {asked?.type === "edit" && connection ? (
        <EditorDialog
          key={asked.id}
          asked={asked}
          onAnswer={(text) => {
            connection.send({ type: "edited", id: asked.id, text });
            terminal.answered();
          }}
        />
      ) : null}
      {asked?.type === "askUpload" && connection ? (
        <UploadDialog
          key={asked.id}
          asked={asked}
          connection={connection}
          told={terminal.upload}
          dropped={dropped}
          onDone={() => {
            setDropped(null);
            terminal.answered();
          }}
        />
      ) : null}
    </section>
  );
}

/** The browser saves what the gateway answers as a file, and stays on the page. */
function startDownload(url: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = "";
  link.click();
}
