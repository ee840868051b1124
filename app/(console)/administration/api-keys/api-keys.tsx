"use client";

import { Trash2 } from "lucide-react";
import { useState } from "react";
import { z } from "zod";
import { ApiKeyView } from "../../../../lib/identity/tokens/schema.ts";
import { describeNetworks, describeScopes } from "../../../components/keys/key-bounds.ts";
import type { RowAction } from "../../../components/list/list-column.ts";
import { ListPage } from "../../../components/list/list-page.tsx";
import { useList } from "../../../components/list/use-list.ts";
import { RevokeDialog } from "../../../components/revoke-dialog.tsx";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { ApiKeyDrawer } from "./api-key-drawer.tsx";
import { API_KEY_COLUMNS } from "./columns.tsx";

const ApiKeyList = z.object({ keys: z.array(ApiKeyView) });

/** Everybody's keys that count: whose they are, what they may be used for, and from where they were used last. */
export function ApiKeys() {
  const model = useList({
    endpoint: "/api/v1/api-keys",
    schema: ApiKeyList,
    rowsOf: keysOf,
    keyOf: idOf,
    textOf,
  });
  const mayRevoke = useViewer().permissions.includes("people:write");
  const [revoking, setRevoking] = useState<ApiKeyView | null>(null);
  const actionsOf = (key: ApiKeyView): RowAction[] => [
    { label: "Revoke", icon: Trash2, danger: true, run: () => setRevoking(key) },
  ];
  return (
    <>
      <ListPage
        model={model}
        path={["Administration"]}
        title="API keys"
        noun={{ one: "API key", many: "API keys" }}
        searchLabel="Name, owner, scope or address"
        columns={API_KEY_COLUMNS}
        nameOf={({ name, owner }) => `${name} of ${owner.name}`}
        linesOf={(key) => ({ first: `${key.name} · ${key.owner.name}`, second: describeScopes(key) })}
        actionsOf={mayRevoke ? actionsOf : undefined}
        opens
        empty={{
          title: "No key counts now",
          text: "People make theirs under My sessions and tokens, or with a kubeconfig; applications get theirs for their secret.",
        }}
        drawer={
          model.opened ? (
            <ApiKeyDrawer
              apiKey={model.opened}
              onClose={() => model.open(null)}
              actions={mayRevoke ? actionsOf(model.opened) : []}
            />
          ) : null
        }
      />
      <RevokeDialog
        title="Revoke this key?"
        path={revoking && `/api/v1/tokens/${revoking.id}`}
        done="Key revoked"
        onClose={() => setRevoking(null)}
        onDone={model.refresh}
      >
        “{revoking?.name}” of {revoking?.owner.name} stops to count at once, and so does every key that was
        made with it. Watches, shells and port-forwards that run with them end within seconds.
      </RevokeDialog>
    </>
  );
}

const keysOf = (answer: z.infer<typeof ApiKeyList>) => answer.keys;
const idOf = ({ id }: ApiKeyView) => id;
const textOf = (key: ApiKeyView) =>
  [
    ...[key.name, key.owner.name, key.owner.kind, key.id, key.lastUsedFrom ?? ""],
    ...[describeScopes(key), describeNetworks(key)],
  ].join(" ");
