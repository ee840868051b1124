"use client";

import { type RefObject, useEffect, useRef, useState } from "react";
import type { ServerMessage } from "../../../../lib/terminal/sessions/schema.ts";
import { type ConnectionState, TerminalConnection } from "./terminal-connection.ts";
import { TerminalScreen } from "./terminal-screen.ts";
import type { TerminalTab } from "./terminal-tab.ts";

/** What the shell asks the person for. */
export type Asked = Extract<ServerMessage, { type: "edit" | "askUpload" }>;

export interface TerminalModel {
  element: RefObject<HTMLDivElement | null>;
  state: ConnectionState;
  size: { columns: number; rows: number } | null;
  asked: Asked | null;
  /** Null before it is there. */
  screen: TerminalScreen | null;
  connection: TerminalConnection | null;
  /** What the gateway says of the file on its way. */
  upload: Extract<ServerMessage, { type: "uploaded" | "uploadRefused" }> | null;
  answered(): void;
}

/** One tab's terminal, from when it is shown until the page leaves. */
export function useTerminal(
  tab: TerminalTab,
  events: { opened(terminalId: string): void; ended(): void; download(url: string): void; leave(): void },
): TerminalModel {
  const element = useRef<HTMLDivElement>(null);
  const told = useRef(events);
  useEffect(() => {
    told.current = events;
  });
  const [state, setState] = useState<ConnectionState>({ kind: "opening" });
  const [size, setSize] = useState<TerminalModel["size"]>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [upload, setUpload] = useState<TerminalModel["upload"]>(null);
  const [parts, setParts] = useState<{ screen: TerminalScreen; connection: TerminalConnection } | null>(null);
  const first = useRef(tab);

  useEffect(() => {
    const { current } = element;
    if (!current) return;
    let stopped = false;
    let close = () => {};
    // The screen takes its size before there is anybody to tell.
    let connection: TerminalConnection | null = null;
    let terminalId = first.current.terminalId;
    void (async () => {
      const screen = await TerminalScreen.open(current, {
        typed: (data) => connection?.send({ type: "input", data }),
        resized: (changed) => {
          setSize(changed);
          connection?.send({ type: "resize", ...changed });
        },
        leave: () => told.current.leave(),
      });
      if (stopped) {
        screen.close();
        return;
      }
      const opened = new TerminalConnection(
        { clusterId: first.current.clusterId, terminalId },
        {
          state(next) {
            setState(next);
            if (next.kind === "ended") {
              screen.freeze();
              told.current.ended();
            }
            if (next.kind === "ended" || next.kind === "elsewhere") setAsked(null);
          },
          opened(id) {
            terminalId = id;
            told.current.opened(id);
          },
          output: (data, drawn) => screen.write(data, drawn),
          message(message) {
            if (message.type === "screen")
              screen.draw(message, () => opened.send({ type: "resize", ...screen.size }));
            else if (message.type === "edit" || message.type === "askUpload") setAsked(message);
            else if (message.type === "uploaded" || message.type === "uploadRefused") setUpload(message);
            else if (message.type === "download")
              told.current.download(`/api/v1/terminals/${terminalId}/downloads/${message.id}`);
          },
        },
      );
      connection = opened;
      close = () => {
        opened.stop();
        screen.close();
      };
      setSize(screen.size);
      setParts({ screen, connection: opened });
      await opened.start(screen.size);
    })().catch((error: unknown) => {
      // As after an update of the gateway, when what the page would load is no more.
      const why = error instanceof Error ? error.message : String(error);
      setState({ kind: "failed", message: `${why} Load the page again.` });
    });
    return () => {
      stopped = true;
      close();
    };
  }, []);

  return {
    element,
    state,
    size,
    asked,
    upload,
    screen: parts?.screen ?? null,
    connection: parts?.connection ?? null,
    answered: () => {
      setAsked(null);
      setUpload(null);
      // When the dialog is gone, which gives the focus to nobody.
      setTimeout(() => parts?.screen.focus());
    },
  };
}
