"use client";

import { useQuery } from "@tanstack/react-query";
import { RequestNotice } from "../../../lib/access/requests/schema.ts";
import { requestJson } from "../request-json.ts";

export const REQUEST_NOTICE = "/api/v1/access-requests/notice";
const ASK_MS = 15_000;

/** How many requests wait for the viewer's answer, and the break-glass that lasts. Asked once for all that show it. */
export function useRequestNotice() {
  return useQuery({
    queryKey: [REQUEST_NOTICE],
    queryFn: ({ signal }) => requestJson(REQUEST_NOTICE, RequestNotice, { signal }),
    refetchInterval: ASK_MS,
  }).data;
}
