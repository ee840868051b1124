"use client";

import { useMemo } from "react";
import { GroupsPage, GroupView } from "../../../../lib/identity/people/schema.ts";
import { Fact, Facts, Section } from "../../../components/audit/detail/facts.tsx";
import { Copyable } from "../../../components/list/copyable.tsx";
import { GrantsOf } from "../../../components/list/grants-of.tsx";
import type { ListColumn } from "../../../components/list/list-column.ts";
import { ListDrawer } from "../../../components/list/list-drawer.tsx";
import { ListPage } from "../../../components/list/list-page.tsx";
import { usePagedList } from "../../../components/list/use-paged-list.ts";
import { requestJson } from "../../../components/request-json.ts";
import { hasSeveralProviders } from "../several-providers.ts";
import { GroupMembers } from "./group-members.tsx";

const SOURCES: Record<GroupView["source"], string> = {
  claim: "Identity provider",
  scim: "SCIM",
  local: "Made here, not seen at a sign-in yet",
};

/** `several`: groups of more than one provider are listed, and each says whose it is. */
const sourceWith = (several: boolean) => (group: GroupView) => {
  const { source, provider, formerIssuer } = group;
  if (formerIssuer !== null) return `Former identity provider ${formerIssuer}: grants do not count`;
  return several && provider !== null ? `${SOURCES[source]} (${provider})` : SOURCES[source];
};

const columnsWith = (sourceOf: (group: GroupView) => string): readonly ListColumn<GroupView>[] => [
  {
    id: "name",
    label: "Name",
    sortBy: nameOf,
    width: 220,
    flexible: true,
    className: "is-ink",
    title: ({ name }) => name,
    cell: nameOf,
  },
  {
    id: "source",
    label: "Source",
    sortBy: sourceOf,
    width: 240,
    title: sourceOf,
    cell: sourceOf,
  },
  {
    id: "members",
    label: "Members",
    sortBy: ({ members }) => members,
    width: 90,
    align: "end",
    cell: ({ members }) => members,
  },
];

/** Groups of people, as the identity provider brings them. */
export function Groups() {
  const model = usePagedList({
    endpoint: "/api/v1/groups",
    schema: GroupsPage,
    rowsOf: groupsOf,
    totalOf,
    keyOf: idOf,
    readOne: readGroup,
  });
  const { opened } = model;
  const several = hasSeveralProviders(model.all);
  const sourceOf = useMemo(() => sourceWith(several), [several]);
  const columns = useMemo(() => columnsWith(sourceOf), [sourceOf]);
  return (
    <ListPage
      model={model}
      path={["Administration"]}
      title="Groups"
      noun={{ one: "group", many: "groups" }}
      searchLabel="Name or provider"
      columns={columns}
      nameOf={nameOf}
      linesOf={(group) => ({
        first: nameOf(group),
        second: `${group.members} ${group.members === 1 ? "member" : "members"} · ${sourceOf(group)}`,
      })}
      opens
      empty={{
        title: "No groups yet",
        text: "Groups come with people: the identity provider names them at sign-in. A grant to a group that nobody has brought yet makes it known, too.",
      }}
      drawer={
        opened ? (
          <ListDrawer kind="Group" title={nameOf(opened)} onClose={() => model.open(null)}>
            <Section title="Group">
              <Facts>
                <Fact name="Source">{sourceOf(opened)}</Fact>
                {opened.displayName !== null && opened.displayName !== opened.name ? (
                  <Fact name="Name at the provider">
                    <Copyable text={opened.name} label="Copy name" />
                  </Fact>
                ) : null}
                <Fact name="ID">
                  <Copyable text={opened.id} label="Copy ID" />
                </Fact>
              </Facts>
            </Section>
            {opened.formerIssuer === null ? <GroupMembers groupId={opened.id} /> : null}
            <GrantsOf
              title="Grants"
              asked={{ subject: opened.id }}
              filter={({ subject }) => subject.kind === "group" && subject.id === opened.id}
            />
          </ListDrawer>
        ) : null
      }
    />
  );
}

const groupsOf = ({ groups }: GroupsPage) => groups;
const totalOf = ({ total }: GroupsPage) => total;
const idOf = ({ id }: GroupView) => id;
const readGroup = (id: string, signal: AbortSignal) =>
  requestJson(`/api/v1/groups/${encodeURIComponent(id)}`, GroupView, { signal });
/** A function declaration: the columns above are made before it. */
function nameOf({ displayName, name }: GroupView): string {
  return displayName ?? name;
}
