"use client";

import { useQuery } from "@tanstack/react-query";
import { RunningSessions } from "../../../lib/recordings/live/schema.ts";
import { requestJson } from "../request-json.ts";

const ADDRESS = "/api/v1/recordings/running";

/** The sessions that run now, asked for every so often while the page is seen. */
export function useRunningSessions(everyMs: number) {
  return useQuery({
    queryKey: [ADDRESS],
    queryFn: ({ signal }) => requestJson(ADDRESS, RunningSessions, { signal }),
    refetchInterval: everyMs,
    staleTime: everyMs / 2,
  });
}
