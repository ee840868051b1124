"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { RoleDocument } from "../../../../../lib/access/roles/document/schema.ts";
import { CheckedRole, type DocumentProblem } from "../../../../../lib/access/roles/schema.ts";
import { requestJson } from "../../../../components/request-json.ts";
import { holdPage } from "../../../../components/session-end.ts";
import { useSettled } from "../../../../components/use-settled.ts";

/** What was edited last: the text, or the form. */
export type Written = { yaml: string } | { document: RoleDocument };

const CHECK_AFTER_MS = 350;

/**
 * One document that two views edit. The API checks whatever was written last, and turns it into the other view's form; while it has errors,
 * there is no other form.
 */
export function useRoleDraft(saved: { yaml: string; document: RoleDocument }) {
  const [written, setWritten] = useState<Written>({ yaml: saved.yaml });
  const [isChanged, setIsChanged] = useState(false);
  const settled = useSettled(written, CHECK_AFTER_MS);
  const check = useQuery({
    queryKey: ["/api/v1/roles/check", settled],
    queryFn: ({ signal }) => checkWritten(settled, signal),
    placeholderData: (before) => before,
    enabled: isChanged,
  });
  useEffect(() => (isChanged ? holdPage() : undefined), [isChanged]);
  const isChecked = settled === written && check.data !== undefined && !check.isPlaceholderData;
  const checked: CheckedRole = isChanged && check.data ? check.data : { ...saved, problems: NONE };
  return {
    written,
    isChanged,
    /** Whether `checked` is about what stands there now. */
    isCurrent: !isChanged || isChecked,
    checked,
    /** Why it could not be checked; null where it was, or is being. */
    checkFailed: check.isFetching ? null : check.error,
    write(next: Written) {
      setIsChanged(true);
      setWritten(next);
    },
    /** Back to what is saved. */
    reset(to: { yaml: string }) {
      setIsChanged(false);
      setWritten({ yaml: to.yaml });
    },
  };
}

export type RoleDraft = ReturnType<typeof useRoleDraft>;

const NONE: DocumentProblem[] = [];

const checkWritten = (written: Written, signal: AbortSignal) =>
  requestJson("/api/v1/roles/check", CheckedRole, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(written),
    signal,
  });
