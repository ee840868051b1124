"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { z } from "zod";
import type { SubjectKind } from "../../../../lib/access/policy/schema.ts";
import { ApplicationView } from "../../../../lib/identity/applications/schema.ts";
import { GroupsPage, type GroupView, PeoplePage } from "../../../../lib/identity/people/schema.ts";
import type { Suggestion } from "../../../components/form/suggest-field.tsx";
import { requestJson } from "../../../components/request-json.ts";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { useSettled } from "../../../components/use-settled.ts";
import { suggestOnce } from "./suggest-once.ts";

const ApplicationList = z.object({ applications: z.array(ApplicationView) });
const TYPED_MS = 250;
/** So many are read at once: there may be thousands, and what is typed narrows them. */
const MOST = "100";
/** A longer search the API refuses. */
const LONGEST = 200;

/** Whom a field may suggest for what is typed in it; all of them may also be typed. */
export function useSubjectSuggestions({
  kind,
  typed,
  provider,
  enabled,
}: {
  kind: SubjectKind;
  typed: string;
  /** People and groups of this identity provider alone; empty: of any. */
  provider: string;
  enabled: boolean;
}): {
  suggestions: Suggestion[];
  /** The ids of the identity providers that people and groups are of, as far as they were read. */
  providers: string[];
} {
  const { permissions } = useViewer();
  const asks = enabled && permissions.includes("people:read");
  const search = useSettled(typed.trim(), TYPED_MS);
  const searchOf = (one: SubjectKind) =>
    one === kind ? [provider, search].filter(Boolean).join(" ").slice(0, LONGEST) : "";
  const users = useSearched("/api/v1/users", PeoplePage, searchOf("user"), asks)?.users ?? [];
  const groups = useSearched("/api/v1/groups", GroupsPage, searchOf("group"), asks)?.groups ?? [];
  const { data } = useQuery({
    queryKey: ["/api/v1/applications"],
    queryFn: ({ signal }) => requestJson("/api/v1/applications", ApplicationList, { signal }),
    enabled: enabled && permissions.includes("applications:read"),
  });
  // What is of no provider that is configured cannot be granted anything by its name.
  const isOf = (each: { provider: string | null }) =>
    provider === "" ? each.provider !== null : each.provider === provider;
  const suggestions: Record<SubjectKind, () => Suggestion[]> = {
    user: () => suggestOnce(users.filter(isOf).map(({ email, name }) => ({ value: email, note: name }))),
    group: () =>
      suggestOnce(groups.filter(isOf).map((group) => ({ value: group.name, note: noteOf(group) }))),
    application: () => data?.applications.map(({ name }) => ({ value: name })) ?? [],
  };
  const providers = [provider || null, ...[...users, ...groups].map((each) => each.provider)];
  return {
    suggestions: suggestions[kind](),
    providers: [...new Set(providers.filter((id) => id !== null))].sort(),
  };
}

function useSearched<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  search: string,
  enabled: boolean,
) {
  return useQuery({
    queryKey: [path, "suggested", search],
    queryFn: ({ signal }) =>
      requestJson(`${path}?${new URLSearchParams({ search, limit: MOST })}`, schema, { signal }),
    enabled,
    placeholderData: keepPreviousData,
  }).data;
}

/** What people call a group whose name is an id of the identity provider, and how many it has. */
function noteOf({ name, displayName, members }: GroupView): string {
  const count = members === 1 ? "1 member" : `${members} members`;
  return displayName === null || displayName === name ? count : `${displayName}, ${count}`;
}
