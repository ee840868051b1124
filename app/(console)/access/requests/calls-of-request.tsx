"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { z } from "zod";
import { Absent, Section } from "../../../components/audit/detail/facts.tsx";
import { requestAuditHref } from "../../../components/list/audit-links.ts";
import { requestJson } from "../../../components/request-json.ts";
import { When } from "../../../components/time/when.tsx";

const MOST = 8;
const Calls = z.object({
  entries: z.array(
    z.object({
      no: z.number(),
      executedAt: z.string(),
      verb: z.string(),
      resource: z.string().nullable(),
      resourceName: z.string().nullable(),
      namespace: z.string().nullable(),
      result: z.string(),
    }),
  ),
});

/** The newest calls that were made by what a request became. */
export function CallsOfRequest({ grantId }: { grantId: string }) {
  const filter = `grantId = "${grantId}"`;
  const parameters = new URLSearchParams({ filter, from: "now-90d", to: "now", limit: String(MOST) });
  const path = `/api/v1/request-audit?${parameters}`;
  const all = requestAuditHref({ field: "grantId", value: grantId });
  const { data, isError } = useQuery({
    queryKey: ["calls of a request", grantId],
    queryFn: ({ signal }) => requestJson(path, Calls, { signal }),
  });
  if (isError) {
    return (
      <Section title="Calls">
        <span className="text-fail">The calls could not be loaded.</span>
      </Section>
    );
  }
  return (
    <Section title="Calls">
      {data?.entries.length === 0 ? <Absent>None yet</Absent> : null}
      <ul className="nearby">
        {data?.entries.map((call) => (
          <li key={call.no}>
            <Link prefetch={false} href={all.replace("/request-audit?", `/request-audit/${call.no}?`)}>
              <span className={call.result === "success" ? "text-fg" : "text-fail"}>{call.verb}</span>
              <span className="cut flex-1">
                {[call.resource, call.resourceName].filter(Boolean).join(" ")}
                {call.namespace ? <span className="text-fg-3"> in {call.namespace}</span> : null}
              </span>
              <span className="text-fg-3">
                <When time={call.executedAt} absent="" />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
