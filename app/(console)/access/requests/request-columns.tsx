import type { AccessRequestForViewer } from "../../../../lib/access/requests/schema.ts";
import type { ListColumn } from "../../../components/list/list-column.ts";
import { formatLength, requestPlace } from "../../../components/requests/request-place.ts";
import { When } from "../../../components/time/when.tsx";
import { StateMark } from "./request-state.tsx";

/** The columns of the list of requests. */
export const REQUEST_COLUMNS: readonly ListColumn<AccessRequestForViewer>[] = [
  {
    id: "person",
    label: "Who",
    width: 180,
    className: "is-ink",
    title: ({ person }) => person.name,
    cell: ({ person, own }) => (own ? "You" : person.name),
  },
  {
    id: "role",
    label: "Role",
    width: 150,
    className: "is-ink",
    cell: ({ role, kind }) => (
      <>
        {role.name}
        {kind === "break_glass" ? <span className="tag ml-2 text-fail">break-glass</span> : null}
      </>
    ),
  },
  {
    id: "place",
    label: "Where",
    width: 170,
    title: requestPlace,
    cell: requestPlace,
  },
  {
    id: "reason",
    label: "Reason",
    width: 160,
    flexible: true,
    title: ({ reason }) => reason,
    cell: ({ reason }) => reason,
  },
  {
    id: "length",
    label: "For",
    width: 90,
    from: 1000,
    cell: ({ durationMs }) => formatLength(durationMs),
  },
  { id: "state", label: "State", width: 150, cell: ({ state }) => <StateMark state={state} /> },
  {
    id: "created",
    label: "Asked",
    width: 110,
    from: 900,
    cell: ({ createdAt }) => <When time={createdAt} absent="" />,
  },
];
