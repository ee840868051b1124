"use client";

import { useState } from "react";
import { type FieldErrors, NO_ERRORS, readFieldErrors } from "../../../components/form/field-errors.ts";
import { readError } from "../../../components/request-json.ts";
import type { ApiOperation } from "./model/read-document.ts";
import { addressOf, type ParameterValues } from "./request-line.ts";

/** What came back. */
export interface Tried {
  status: number;
  statusText: string;
  /** Until the whole answer was there. */
  milliseconds: number;
  bytes: number;
  mediaType: string;
  requestId: string | null;
  text: string;
}

/** Sends an operation with the session's cookie and keeps its answer. */
export function useTry() {
  const [answer, setAnswer] = useState<Tried | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [errors, setErrors] = useState<FieldErrors>(NO_ERRORS);
  const [busy, setBusy] = useState(false);

  async function send(operation: ApiOperation, values: ParameterValues, accept: string) {
    setBusy(true);
    setFailure(null);
    setErrors(NO_ERRORS);
    const started = performance.now();
    try {
      const response = await fetch(addressOf(operation, values), { headers: { accept } });
      if (!response.ok) {
        const names = operation.parameters.map(({ name }) => name);
        setErrors(readFieldErrors(await readError(response.clone()), names));
      }
      setAnswer(await readAnswer(response, started));
    } catch {
      setAnswer(null);
      setFailure("The gateway could not be reached.");
    } finally {
      setBusy(false);
    }
  }

  return { answer, failure, errors, busy, send };
}

async function readAnswer(response: Response, started: number): Promise<Tried> {
  const text = await response.text();
  return {
    status: response.status,
    statusText: response.statusText,
    milliseconds: Math.round(performance.now() - started),
    bytes: new TextEncoder().encode(text).length,
    mediaType: (response.headers.get("content-type") ?? "").split(";")[0] ?? "",
    requestId: response.headers.get("x-request-id"),
    text,
  };
}
