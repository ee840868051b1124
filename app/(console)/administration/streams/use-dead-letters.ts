"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { DeadLetterList } from "../../../../lib/streams/schema.ts";
import { requestJson } from "../../../components/request-json.ts";
import { useSettled } from "../../../components/use-settled.ts";

const TYPED_MS = 250;
const REFRESH_MS = 5_000;

/** The dead letters of a stream, newest first, a page at a time. */
export function useDeadLetters(streamId: string, search: string) {
  const settled = useSettled(search, TYPED_MS).trim();
  const endpoint = `/api/v1/streams/${streamId}/dead-letters`;
  const pages = useInfiniteQuery({
    queryKey: [endpoint, settled],
    queryFn: ({ signal, pageParam }) => {
      const asked = new URLSearchParams({
        ...(settled && { search: settled }),
        ...(pageParam && { after: pageParam }),
      });
      return requestJson(`${endpoint}?${asked}`, DeadLetterList, { signal });
    },
    initialPageParam: "",
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });
  return {
    letters: pages.data?.pages.flatMap(({ deadLetters }) => deadLetters) ?? null,
    error: pages.error,
    more: pages.hasNextPage ? () => void pages.fetchNextPage() : null,
    reload: () => void pages.refetch(),
  };
}
