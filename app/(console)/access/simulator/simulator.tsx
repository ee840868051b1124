"use client";

import { useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { useMemo, useState } from "react";
import { Simulation } from "../../../../lib/access/simulator/schema.ts";
import { LoadingRows } from "../../../components/audit/table-states.tsx";
import { classNames } from "../../../components/class-names.ts";
import { readFieldErrors } from "../../../components/form/field-errors.ts";
import { LoadFailed } from "../../../components/load-failed.tsx";
import { MessagePanel } from "../../../components/message-panel.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { Page } from "../../../components/shell/page-frame.tsx";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { ASKED_CALL, type AskedCall, FIELDS, isAsked, toInput } from "./asked-call.ts";
import { SimulationResult } from "./simulation-result.tsx";
import { SimulatorForm } from "./simulator-form.tsx";

/** May somebody do this, and which rule says so? The question is the page's address. */
export function Simulator() {
  const mayAskOfOthers = useViewer().permissions.includes("access:read");
  const [asked, setAsked] = useQueryStates(ASKED_CALL, { history: "push", clearOnDefault: true });
  const [draft, setDraft] = useState<AskedCall>(asked);
  const [asks, setAsks] = useState(0);
  const address = JSON.stringify(asked);
  const [before, setBefore] = useState(address);
  // Back and forward bring their question into the form.
  if (before !== address) {
    setBefore(address);
    setDraft(asked);
  }
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["/api/v1/access/simulate", address, asks],
    queryFn: () => sendJson("/api/v1/access/simulate", Simulation, "POST", toInput(asked, Date.now())),
    enabled: isAsked(asked),
    retry: false,
    gcTime: 0,
  });
  const errors = useMemo(() => readFieldErrors(error, FIELDS), [error]);
  const ask = () => {
    void setAsked(draft);
    setAsks((count) => count + 1);
  };
  return (
    <Page path={["Access"]} title="Simulator">
      <div className="grid min-h-full grid-cols-[360px_minmax(0,1fr)] max-laptop:grid-cols-1 max-laptop:content-start">
        <SimulatorForm
          draft={draft}
          onChange={(change) => setDraft((now) => ({ ...now, ...change }))}
          onAsk={ask}
          errors={errors}
          mayAskOfOthers={mayAskOfOthers}
        />
        <div
          className={classNames(
            "min-w-0 py-4",
            data && "max-laptop:order-first max-laptop:border-b max-laptop:border-line",
          )}
          aria-live="polite"
          aria-busy={isFetching}
        >
          {data ? <SimulationResult simulation={data} asked={asked} /> : null}
          {!data && isFetching ? <LoadingRows /> : null}
          {!data && errors.general ? (
            <LoadFailed title="The call could not be judged" error={error} onRetry={() => void refetch()} />
          ) : null}
          {isAsked(asked) ? null : <Unasked mayAskOfOthers={mayAskOfOthers} />}
        </div>
      </div>
    </Page>
  );
}

function Unasked({ mayAskOfOthers }: { mayAskOfOthers: boolean }) {
  const who = mayAskOfOthers ? "somebody" : "you";
  return (
    <MessagePanel role="status" title={`May ${who} …?`}>
      Say who would call what, where and how. The answer comes from the grants and roles as they are now, and
      names the rule; nothing is sent to a cluster.
    </MessagePanel>
  );
}
