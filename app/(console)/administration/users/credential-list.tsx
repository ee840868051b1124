"use client";

import type { ReactNode } from "react";
import { Absent, Section } from "../../../components/audit/detail/facts.tsx";
import { Button } from "../../../components/button.tsx";

/** A person's tokens or sessions, each with the way to end it, as a section of a drawer. */
export function CredentialList<Row extends { id: string }>({
  title,
  noun,
  rows,
  failed,
  nameOf,
  describe,
  onRevoke,
}: {
  title: string;
  noun: string;
  rows: readonly Row[] | undefined;
  failed: boolean;
  nameOf: (row: Row) => string;
  describe: (row: Row) => ReactNode;
  /** Left out for those who may only look. */
  onRevoke?: (row: Row) => void;
}) {
  return (
    <Section title={title}>
      {failed ? <span className="text-fail">The {noun}s could not be loaded.</span> : null}
      {rows?.length === 0 ? <Absent>None that counts now</Absent> : null}
      <ul aria-label={title}>
        {rows?.map((row) => (
          <li key={row.id} className="flex items-center gap-2 py-1">
            <span className="grid min-w-0 flex-1">
              <span className="cut" title={nameOf(row)}>
                {nameOf(row)}
              </span>
              <span className="cut text-fg-3">{describe(row)}</span>
            </span>
            {onRevoke ? (
              <Button
                look="danger-plain"
                aria-label={`Revoke ${noun} ${nameOf(row)}`}
                onClick={() => onRevoke(row)}
              >
                Revoke
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}
