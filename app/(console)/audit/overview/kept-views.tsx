"use client";

import { useQuery } from "@tanstack/react-query";
import { Users } from "lucide-react";
import Link from "next/link";
import { type SavedView, SavedViewList } from "../../../../lib/audit/views/schema.ts";
import { CopyButton } from "../../../components/copy-button.tsx";
import { requestJson } from "../../../components/request-json.ts";

const PAGES: Record<SavedView["surface"], { href: string; noun: string }> = {
  request_audit: { href: "/audit/kubernetes/request-audit", noun: "calls" },
  event_history: { href: "/audit/event-history", noun: "events" },
  recordings: { href: "/audit/kubernetes/recordings", noun: "recordings" },
};

/** The saved views: one's own and those that others share. */
export function KeptViews() {
  const { data, isError } = useQuery({
    queryKey: ["saved-views"],
    queryFn: ({ signal }) => requestJson("/api/v1/saved-views", SavedViewList, { signal }),
  });
  return (
    <section aria-label="Saved views">
      <h2>Saved views</h2>
      {isError ? <p className="none text-fail!">The saved views could not be loaded.</p> : null}
      {data?.views.length === 0 ? (
        <p className="none">
          Filter calls or events, then keep the view under Views. Shared ones are listed here for everyone who
          reads the audit.
        </p>
      ) : null}
      <ul className="views">
        {data?.views.map((view) => (
          <li key={view.id}>
            <Link
              prefetch={false}
              href={hrefOf(view)}
              className="cut"
              title={view.own ? view.name : `${view.name}, by ${view.ownerName}`}
            >
              {view.name}
            </Link>
            {view.shared ? <Users role="img" aria-label="Shared" className="size-3!" /> : null}
            <span className="note">{PAGES[view.surface].noun}</span>
            <CopyButton
              text={() => new URL(hrefOf(view), window.location.href).toString()}
              label={`Copy link to ${view.name}`}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

const hrefOf = ({ surface, query }: SavedView) => `${PAGES[surface].href}${query ? `?${query}` : ""}`;
