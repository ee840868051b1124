"use client";

import { Pencil, Plus, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { z } from "zod";
import { Button } from "../button.tsx";
import type { ListColumn, RowAction } from "../list/list-column.ts";
import { ListPage } from "../list/list-page.tsx";
import { useList } from "../list/use-list.ts";
import { useViewer } from "../shell/viewer.tsx";
import { When } from "../time/when.tsx";
import { DeleteScopeDialog } from "./delete-scope-dialog.tsx";

/** What projects, departments and node pools all have. */
interface Scope {
  id: string;
  name: string;
  description: string;
  grants: number;
  updatedAt: string;
}

/** The page of projects, of departments or of node pools: their list, and the dialogs that add, change and delete one. */
export function ScopeList<Listed extends Scope>({
  title,
  noun,
  endpoint,
  schema,
  searchLabel,
  columns,
  contentsOf,
  textOf,
  empty,
  drawer,
  dialog,
}: {
  title: string;
  noun: { one: string; many: string };
  /** `/api/v1/projects`. */
  endpoint: string;
  /** Reads the answer of the endpoint as the scopes in it. */
  schema: z.ZodType<readonly Listed[]>;
  searchLabel: string;
  columns: readonly ListColumn<Listed>[];
  /** What one is made of, in one line. */
  contentsOf: (scope: Listed) => string;
  /** What the search looks at. */
  textOf: (scope: Listed) => string;
  /** What one is. */
  empty: string;
  drawer: (shown: { scope: Listed; onClose: () => void; actions: readonly RowAction[] }) => ReactNode;
  /** Adds one, or changes `scope`. */
  dialog: (asked: { scope: Listed | null; onClose: () => void; onDone: () => void }) => ReactNode;
}) {
  const model = useList({
    endpoint: `${endpoint}?limit=1000`,
    schema,
    rowsOf: everyOne<Listed>,
    keyOf: idOf,
    textOf,
  });
  const mayWrite = useViewer().permissions.includes("projects:write");
  const [form, setForm] = useState<{ scope: Listed | null } | null>(null);
  const [deleting, setDeleting] = useState<Listed | null>(null);
  const actionsOf = (scope: Listed): RowAction[] => [
    { label: "Edit", icon: Pencil, run: () => setForm({ scope }) },
    { label: "Delete", icon: Trash2, danger: true, run: () => setDeleting(scope) },
  ];
  const add = mayWrite ? (
    <Button look="primary" onClick={() => setForm({ scope: null })}>
      <Plus aria-hidden className="text-accent-fg!" />
      Add {noun.one}
    </Button>
  ) : null;
  return (
    <>
      <ListPage
        model={model}
        path={["Infrastructure"]}
        title={title}
        noun={noun}
        searchLabel={searchLabel}
        columns={columns}
        nameOf={({ name }) => name}
        linesOf={(scope) => ({ first: scope.name, second: contentsOf(scope) })}
        actions={add}
        actionsOf={mayWrite ? actionsOf : undefined}
        opens
        empty={{ title: `No ${noun.many} yet`, text: empty, action: add }}
        drawer={
          model.opened
            ? drawer({
                scope: model.opened,
                onClose: () => model.open(null),
                actions: mayWrite ? actionsOf(model.opened) : [],
              })
            : null
        }
      />
      {form ? dialog({ scope: form.scope, onClose: () => setForm(null), onDone: model.refresh }) : null}
      <DeleteScopeDialog
        scope={deleting}
        noun={noun.one}
        endpoint={endpoint}
        onClose={() => setDeleting(null)}
        onDone={() => {
          model.open(null);
          model.refresh();
        }}
      />
    </>
  );
}

/** The columns of a list of scopes: `own` ones stand between the name and what all have. */
export function scopeColumns<Listed extends Scope>(
  own: readonly ListColumn<Listed>[],
): readonly ListColumn<Listed>[] {
  return [
    {
      id: "name",
      label: "Name",
      sortBy: ({ name }) => name,
      width: 160,
      className: "is-ink",
      title: ({ name }) => name,
      cell: ({ name }) => name,
    },
    ...own,
    {
      id: "grants",
      label: "Grants",
      sortBy: ({ grants }) => grants,
      width: 70,
      align: "end",
      cell: ({ grants }) => grants,
    },
    {
      id: "updated",
      label: "Changed",
      sortBy: ({ updatedAt }) => updatedAt,
      width: 110,
      from: 900,
      cell: ({ updatedAt }) => <When time={updatedAt} absent="" />,
    },
  ];
}

const everyOne = <Listed,>(scopes: readonly Listed[]) => scopes;
const idOf = ({ id }: Scope) => id;
