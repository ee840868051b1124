"use client";

import Link from "next/link";
import type { CallGroup, ChangedCalls, DryRunResult } from "../../../../../../lib/access/dry-run/schema.ts";
import { formatFilter } from "../../../../../../lib/filter/format.ts";
import type { FilterNode } from "../../../../../../lib/filter/tree.ts";
import { formatNumber } from "../../../../../components/audit/format-count.ts";
import { When } from "../../../../../components/time/when.tsx";

/** What a dry run found, and what it could not tell. */
export function DryRunReport({ result }: { result: DryRunResult }) {
  const { refused, allowed, otherwise, checked, outdated, untold, notes } = result;
  const isNothing = refused.calls + allowed.calls + otherwise.calls === 0;
  return (
    <div className="grid gap-4" aria-live="polite">
      <p className="text-fg">
        {isNothing ? "No call would have been decided otherwise" : "The change would have"}
        {isNothing ? null : (
          <>
            {" refused "}
            <b className="font-semibold">{formatNumber(refused.calls)}</b>, allowed{" "}
            <b className="font-semibold">{formatNumber(allowed.calls)}</b> and made{" "}
            <b className="font-semibold">{formatNumber(otherwise.calls)}</b> as somebody else
          </>
        )}
        , of {formatNumber(checked)} recorded calls of whoever holds the role.
      </p>
      <Calls title="Would have been refused" calls={refused} result={result} />
      <Calls title="Would have been allowed" calls={allowed} result={result} />
      <Calls
        title="Would have been made as somebody else, or by another role"
        calls={otherwise}
        result={result}
      />
      <ul className="grid list-disc gap-0.5 pl-4 text-fg-3">
        {untold.map(({ why, calls }) => (
          <li key={why} className="text-fg-2">
            Of {formatNumber(calls)} calls it cannot be told: {why}.
          </li>
        ))}
        {outdated > 0 ? (
          <li className="text-fg-2">
            {formatNumber(outdated)} calls were decided otherwise than today’s grants and roles would, and are
            not counted for the change.
          </li>
        ) : null}
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </div>
  );
}

function Calls({ title, calls, result }: { title: string; calls: ChangedCalls; result: DryRunResult }) {
  if (calls.calls === 0) return null;
  return (
    <section aria-label={title}>
      <h3 className="pb-1 text-meta font-medium text-fg-3">{title}</h3>
      <div className="max-h-[300px] overflow-auto rounded-2 border border-line bg-bg">
        <table className="w-full text-left">
          <thead className="text-meta text-fg-3">
            <tr className="[&>th]:px-3 [&>th]:py-1.5 [&>th]:font-medium">
              <th scope="col">Who</th>
              <th scope="col">Verb and resource</th>
              <th scope="col">Where</th>
              <th scope="col" className="text-right">
                Calls
              </th>
              <th scope="col">Last</th>
            </tr>
          </thead>
          <tbody>
            {calls.groups.map((group) => (
              <GroupRow key={keyOf(group)} group={group} result={result} />
            ))}
          </tbody>
        </table>
      </div>
      {calls.ungrouped > 0 ? (
        <p className="pt-1 text-fg-3">
          {formatNumber(calls.ungrouped)} more calls are in groups that are not shown.
        </p>
      ) : null}
    </section>
  );
}

const keyOf = ({ person, cluster, apiGroup, resource, verb, namespace }: CallGroup) =>
  [person.id, cluster, apiGroup, resource, verb, namespace].join(" ");

function GroupRow({ group, result }: { group: CallGroup; result: DryRunResult }) {
  const { person, verb, resource, cluster, namespace, calls, lastAt, says } = group;
  return (
    <tr className="border-t border-line-soft align-top [&>td]:px-3 [&>td]:py-1.5">
      <td className="wrap-anywhere">{person.name}</td>
      <td>
        <Link className="text-accent hover:underline" href={auditHref(group, result)} title={says}>
          {verb} {resource}
        </Link>
        <span className="block text-fg-3">{says}</span>
      </td>
      <td className="wrap-anywhere">
        {cluster}
        {namespace ? ` / ${namespace}` : ""}
      </td>
      <td className="text-right tabular-nums">{formatNumber(calls)}</td>
      <td className="whitespace-nowrap text-fg-3">
        <When time={lastAt} absent="" />
      </td>
    </tr>
  );
}

/** Where Request Audit lists these calls. */
function auditHref(
  { person, cluster, resource, verb, namespace }: CallGroup,
  { from, to }: DryRunResult,
): string {
  const wanted = { user: person.name, clusterName: cluster, verb, resource, ...(namespace && { namespace }) };
  const nodes = Object.entries(wanted).map(
    ([field, value]): FilterNode => ({ kind: "comparison", field, op: "=", values: [value] }),
  );
  const filter = formatFilter({ kind: "and", nodes });
  return `/audit/kubernetes/request-audit?${new URLSearchParams({ from, to, filter })}`;
}
