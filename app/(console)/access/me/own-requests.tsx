"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { AccessRequestList } from "../../../../lib/access/requests/schema.ts";
import { Button } from "../../../components/button.tsx";
import { requestJson } from "../../../components/request-json.ts";
import { requestPlace } from "../../../components/requests/request-place.ts";
import { When } from "../../../components/time/when.tsx";
import { StateMark } from "../requests/request-state.tsx";

export const OWN_REQUESTS = "/api/v1/access-requests?scope=mine&limit=5";
const ASK_MS = 15_000;

/** One's newest requests for access; nothing where there is none. */
export function OwnRequests() {
  const { data, isError } = useQuery({
    queryKey: [OWN_REQUESTS],
    queryFn: ({ signal }) => requestJson(OWN_REQUESTS, AccessRequestList, { signal }),
    refetchInterval: ASK_MS,
  });
  if (!data && isError) {
    return (
      <p className="page-section px-4 py-3 text-nav text-fail">
        Your requests for access could not be loaded. This page asks again in a moment.
      </p>
    );
  }
  if (!data || data.total === 0) return null;
  return (
    <section className="page-section" aria-labelledby="own-requests">
      <header>
        <h2 id="own-requests">Requests</h2>
        <p>for access, yours</p>
        <Button className="ml-auto" asChild>
          <Link href="/access/requests?scope=mine">All {data.total}</Link>
        </Button>
      </header>
      <ul className="nearby px-4 pb-2">
        {data.requests.map((request) => (
          <li key={request.id}>
            <Link prefetch={false} href={`/access/requests?scope=mine&open=${request.id}`}>
              <span className="cut flex-1">
                {request.role.name} <span className="text-fg-3">on</span> {requestPlace(request)}
              </span>
              <StateMark state={request.state} />
              <span className="text-fg-3">
                <When time={request.grant?.expiresAt ?? request.createdAt} absent="" />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
