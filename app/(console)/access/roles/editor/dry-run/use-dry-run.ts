"use client";

import { useEffect, useState } from "react";
import { DryRunLine, type DryRunResult } from "../../../../../../lib/access/dry-run/schema.ts";
import type { RoleDocument } from "../../../../../../lib/access/roles/document/schema.ts";
import { readError } from "../../../../../components/request-json.ts";

export type DryRunState =
  | { kind: "running"; checked: number; share: number }
  | { kind: "done"; result: DryRunResult }
  | { kind: "failed"; message: string };

const BEGINNING: DryRunState = { kind: "running", checked: 0, share: 0 };

/** Runs while it is shown; another document, or another number of days, begins anew. */
export function useDryRun(roleId: string, document: RoleDocument, days: number): DryRunState {
  const [state, setState] = useState<DryRunState>(BEGINNING);
  const body = JSON.stringify({ roleId, document, days });
  useEffect(() => {
    const stop = new AbortController();
    setState(BEGINNING);
    run(body, stop.signal, setState).catch((error: unknown) => {
      if (!stop.signal.aborted) setState({ kind: "failed", message: messageOf(error) });
    });
    return () => stop.abort();
  }, [body]);
  return state;
}

const messageOf = (error: unknown) =>
  error instanceof Error ? error.message : "The gateway could not be reached.";

async function run(body: string, signal: AbortSignal, tell: (state: DryRunState) => void): Promise<void> {
  const response = await fetch("/api/v1/access/dry-run", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    signal,
  });
  if (!response.ok || !response.body) throw await readError(response);
  let rest = "";
  for await (const text of textsOf(response.body)) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) tell(stateOf(DryRunLine.parse(JSON.parse(line))));
  }
}

async function* textsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    yield value;
  }
}

function stateOf(line: DryRunLine): DryRunState {
  if (line.kind === "progress") return { kind: "running", checked: line.checked, share: line.share };
  if (line.kind === "result") return { kind: "done", result: line };
  return { kind: "failed", message: line.message };
}
