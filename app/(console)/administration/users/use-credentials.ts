import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import { requestJson } from "../../../components/request-json.ts";

/** What is at `path`, and the way to ask again. */
export function useCredentials<S extends z.ZodType>(path: string, schema: S) {
  const client = useQueryClient();
  const { data, isError } = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => requestJson(path, schema, { signal }),
  });
  return { data, isError, refresh: () => void client.invalidateQueries({ queryKey: [path] }) };
}
