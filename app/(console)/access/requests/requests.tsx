"use client";

import { useQueryClient } from "@tanstack/react-query";
import { Check, CircleStop, HandHelping, Undo2, X } from "lucide-react";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useState } from "react";
import {
  AccessRequestForViewer,
  AccessRequestList,
  RequestScope,
} from "../../../../lib/access/requests/schema.ts";
import { Button } from "../../../components/button.tsx";
import type { RowAction } from "../../../components/list/list-column.ts";
import { ListPage } from "../../../components/list/list-page.tsx";
import { usePagedList } from "../../../components/list/use-paged-list.ts";
import { requestJson } from "../../../components/request-json.ts";
import { requestPlace } from "../../../components/requests/request-place.ts";
import { REQUEST_NOTICE, useRequestNotice } from "../../../components/requests/use-request-notice.ts";
import { Segmented } from "../../../components/segmented.tsx";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { ApproveDialog } from "./approve-dialog.tsx";
import { AskDialog } from "./ask-dialog.tsx";
import { EndDialog } from "./end-dialog.tsx";
import { RefuseDialog } from "./refuse-dialog.tsx";
import { REQUEST_COLUMNS } from "./request-columns.tsx";
import { RequestDrawer } from "./request-drawer.tsx";
import { WithdrawDialog } from "./withdraw-dialog.tsx";

const ENDPOINT = "/api/v1/access-requests";
const REFRESH_MS = 15_000;

type Doing = { what: "approve" | "refuse" | "withdraw" | "end"; request: AccessRequestForViewer } | null;

const EMPTY: Record<RequestScope, { title: string; text: string }> = {
  mine: {
    title: "You have asked for nothing yet",
    text: "Ask for a role on a cluster for some hours, and say what for. Whoever may approve it is told.",
  },
  to_answer: {
    title: "No request waits for you",
    text: "Requests that you may approve or refuse are listed here, those that were answered, too.",
  },
  all: {
    title: "Nobody has asked for access yet",
    text: "A role can be asked for where its document says so (requests). What people ask for is listed here.",
  },
};

/** Requests for access: one's own, those to answer, and everyone's. */
export function Requests() {
  const mayReadAll = useViewer().permissions.includes("requests:read");
  const notice = useRequestNotice();
  const [chosen, setScope] = useQueryState("scope", parseAsStringLiteral(RequestScope.options));
  const scope = chosen ?? (notice && notice.toAnswer > 0 ? "to_answer" : "mine");
  const model = usePagedList({
    endpoint: ENDPOINT,
    query: { scope },
    schema: AccessRequestList,
    rowsOf: requestsOf,
    totalOf: ({ total }) => total,
    keyOf: ({ id }) => id,
    readOne: (id, signal) => requestJson(`${ENDPOINT}/${id}`, AccessRequestForViewer, { signal }),
    refreshMs: REFRESH_MS,
  });
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [doing, setDoing] = useState<Doing>(null);
  const refresh = () => {
    model.refresh();
    void client.invalidateQueries({ queryKey: [REQUEST_NOTICE] });
  };
  const actionsOf = (request: AccessRequestForViewer): RowAction[] => [
    ...(request.mayAnswer
      ? [
          { label: "Approve…", icon: Check, run: () => setDoing({ what: "approve", request }) },
          { label: "Refuse…", icon: X, danger: true, run: () => setDoing({ what: "refuse", request }) },
        ]
      : []),
    ...(request.own && request.state === "open"
      ? [{ label: "Withdraw", icon: Undo2, run: () => setDoing({ what: "withdraw", request }) }]
      : []),
    ...(request.mayEnd
      ? [{ label: "End…", icon: CircleStop, danger: true, run: () => setDoing({ what: "end", request }) }]
      : []),
  ];
  const ask = (
    <Button look="primary" onClick={() => setAsking(true)}>
      <HandHelping aria-hidden className="text-accent-fg!" />
      Request access…
    </Button>
  );
  const of = (what: NonNullable<Doing>["what"]) => ({
    request: doing?.what === what ? doing.request : null,
    onClose: () => setDoing(null),
    onDone: refresh,
  });
  return (
    <>
      <ListPage
        model={model}
        path={["Access"]}
        title="Requests"
        noun={{ one: "request", many: "requests" }}
        searchLabel="Who, role, cluster or reason"
        columns={REQUEST_COLUMNS}
        nameOf={({ role, person }) => `${role.name} for ${person.name}`}
        linesOf={(request) => ({
          first: `${request.role.name} for ${request.person.name}`,
          second: `${requestPlace(request)} · ${request.reason}`,
        })}
        isDim={({ state }) => state !== "open" && state !== "active"}
        actions={ask}
        actionsOf={actionsOf}
        filters={
          <Segmented
            label="Whose requests"
            value={scope}
            onValueChange={(next) => {
              model.open(null);
              void setScope(next);
            }}
            options={[
              { value: "mine", label: "Mine" },
              { value: "to_answer", label: "To answer" },
              ...(mayReadAll ? [{ value: "all" as const, label: "Everyone’s" }] : []),
            ]}
          />
        }
        opens
        empty={{ ...EMPTY[scope], action: scope === "mine" ? ask : null }}
        drawer={
          model.opened ? (
            <RequestDrawer
              request={model.opened}
              actions={actionsOf(model.opened)}
              onClose={() => model.open(null)}
            />
          ) : null
        }
      />
      <AskDialog open={asking} onOpenChange={setAsking} onDone={refresh} />
      <ApproveDialog {...of("approve")} />
      <RefuseDialog {...of("refuse")} />
      <WithdrawDialog {...of("withdraw")} />
      <EndDialog {...of("end")} />
    </>
  );
}

const requestsOf = (answer: AccessRequestList) => answer.requests;
