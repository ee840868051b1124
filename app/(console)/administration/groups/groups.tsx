"use client";

import { useMemo } from "react";
import { z } from "zod";
import { GroupView } from "../../../../lib/identity/people/schema.ts";
import { Fact, Facts, Section } from "../../../components/audit/detail/facts.tsx";
import { Copyable } from "../../../components/list/copyable.tsx";
import { GrantsOf } from "../../../components/list/grants-of.tsx";
import type { ListColumn } from "../../../components/list/list-column.ts";
import { ListDrawer } from "../../../components/list/list-drawer.tsx";
import { ListPage } from "../../../components/list/list-page.tsx";
import { useList } from "../../../components/list/use-list.ts";
import { hasSeveralProviders } from "../several-providers.ts";
import { GroupMembers } from "./group-members.tsx";

const GroupList = z.object({ groups: z.array(GroupView) });

const SOURCES: Record<GroupView["source"], string> = {
  claim: "Identity provider, at sign-in",
  scim: "Identity provider, by SCIM",
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
    sortBy: ({ name }) => name,
    width: 220,
    flexible: true,
    className: "is-ink",
    title: ({ name }) => name,
    cell: ({ name }) => name,
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
  const model = useList({
    endpoint: "/api/v1/groups",
    schema: GroupList,
    rowsOf: groupsOf,
    keyOf: idOf,
    textOf: nameOf,
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
      searchLabel="Name"
      columns={columns}
      nameOf={nameOf}
      linesOf={(group) => ({
        first: group.name,
        second: `${group.members} ${group.members === 1 ? "member" : "members"} · ${sourceOf(group)}`,
      })}
      opens
      empty={{
        title: "No groups yet",
        text: "Groups come with people: the identity provider names them at sign-in. A grant to a group that nobody has brought yet makes it known, too.",
      }}
      drawer={
        opened ? (
          <ListDrawer kind="Group" title={opened.name} onClose={() => model.open(null)}>
            <Section title="Group">
              <Facts>
                <Fact name="Source">{sourceOf(opened)}</Fact>
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

const groupsOf = (answer: z.infer<typeof GroupList>) => answer.groups;
const idOf = ({ id }: GroupView) => id;
const nameOf = ({ name }: GroupView) => name;
