import type { ApiKeyView } from "../../../../lib/identity/tokens/schema.ts";
import { describeNetworks, describeScopes } from "../../../components/keys/key-bounds.ts";
import type { ListColumn } from "../../../components/list/list-column.ts";
import { When } from "../../../components/time/when.tsx";

export const API_KEY_COLUMNS: readonly ListColumn<ApiKeyView>[] = [
  {
    id: "name",
    label: "Name",
    sortBy: ({ name }) => name,
    width: 160,
    className: "is-ink",
    title: ({ name }) => name,
    cell: ({ name }) => name,
  },
  {
    id: "owner",
    label: "Owner",
    sortBy: ({ owner }) => owner.name,
    width: 200,
    title: ({ owner }) => owner.name,
    cell: ({ owner }) => (owner.kind === "application" ? `Application ${owner.name}` : owner.name),
  },
  {
    id: "scopes",
    label: "May be used for",
    width: 200,
    flexible: true,
    title: describeScopes,
    cell: describeScopes,
  },
  {
    id: "networks",
    label: "Networks",
    width: 140,
    from: 900,
    title: describeNetworks,
    cell: describeNetworks,
  },
  {
    id: "used",
    label: "Last used",
    sortBy: ({ lastUsedAt }) => lastUsedAt,
    width: 120,
    cell: ({ lastUsedAt }) => <When time={lastUsedAt} absent="Never" />,
  },
  {
    id: "from",
    label: "From",
    width: 130,
    from: 800,
    title: ({ lastUsedFrom }) => lastUsedFrom ?? undefined,
    cell: ({ lastUsedFrom }) => <span className="identifier is-dim">{lastUsedFrom ?? ""}</span>,
  },
  {
    id: "expires",
    label: "Expires",
    sortBy: ({ expiresAt }) => expiresAt,
    width: 120,
    cell: ({ expiresAt }) => <When time={expiresAt} absent="" />,
  },
];
