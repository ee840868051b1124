"use client";

import { Siren } from "lucide-react";
import Link from "next/link";
import type { AccessRequestForViewer } from "../../../lib/access/requests/schema.ts";
import { When } from "../time/when.tsx";
import { requestPlace } from "./request-place.ts";
import { useRequestNotice } from "./use-request-notice.ts";

/** Says on every page that break-glass lasts: to its person, and to administrators. */
export function BreakGlassBanner() {
  const [first, ...others] = useRequestNotice()?.breakGlass ?? [];
  if (!first) return null;
  return (
    <div
      role="alert"
      className="flex flex-none items-center gap-2 border-b border-fail-line bg-fail-row px-4 py-1.5 text-fg"
    >
      <Siren aria-hidden className="size-4! flex-none text-fail" />
      <span className="cut">
        <b>Break-glass:</b> {wordsOf(first)}
        {first.grant ? (
          <>
            , ends <When time={first.grant.expiresAt} absent="" />
          </>
        ) : null}
        {others.length > 0 ? `, and ${others.length} more` : ""}
      </span>
      <Link
        href={`/access/requests?scope=${first.own ? "mine" : "all"}&open=${first.id}`}
        className="ml-auto flex-none font-medium text-accent"
      >
        See it
      </Link>
    </div>
  );
}

function wordsOf(request: AccessRequestForViewer): string {
  const who = request.own ? "you have" : `${request.person.name} has`;
  return `${who} ${request.role.name} on ${requestPlace(request)}`;
}
