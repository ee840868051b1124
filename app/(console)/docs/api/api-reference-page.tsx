"use client";

import { FileJson } from "lucide-react";
import { parseAsString, useQueryState } from "nuqs";
import { useEffect, useRef } from "react";
import { useShortcuts } from "../../../components/audit/shortcuts/use-shortcuts.ts";
import { Button } from "../../../components/button.tsx";
import { TopBar } from "../../../components/shell/top-bar.tsx";
import { Introduction } from "./introduction.tsx";
import type { ApiReference } from "./model/read-document.ts";
import { OperationDetail } from "./operation-detail.tsx";
import { OperationNavigation } from "./operation-navigation.tsx";

/** The API: its operations at the left, the chosen one at the right. */
export function ApiReferencePage({ reference }: { reference: ApiReference }) {
  const [chosen, setChosen] = useQueryState("operation", parseAsString.withOptions({ history: "push" }));
  const { operations } = reference;
  const at = operations.findIndex(({ id }) => id === chosen);
  const operation = operations[at];
  const content = useRef<HTMLDivElement>(null);
  useEffect(() => {
    void chosen;
    content.current?.scrollTo(0, 0);
  }, [chosen]);
  const move = (by: number) => {
    const next = operations[Math.min(operations.length - 1, Math.max(0, at + by))];
    if (next) void setChosen(next.id);
  };
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    "/": () => document.querySelector<HTMLInputElement>('[data-field="search"] input')?.focus(),
  });
  return (
    <main className="page">
      <TopBar path={["Documentation"]} title="API reference">
        <Button asChild>
          <a href="/api/openapi.json" target="_blank" rel="noreferrer">
            <FileJson aria-hidden />
            OpenAPI 3.1
          </a>
        </Button>
      </TopBar>
      <div className={operation ? "api-split has-chosen" : "api-split"}>
        <OperationNavigation
          operations={operations}
          chosen={operation?.id ?? null}
          onChoose={(id) => void setChosen(id)}
        />
        <div className="api-content" ref={content}>
          {operation ? (
            <OperationDetail key={operation.id} operation={operation} onBack={() => void setChosen(null)} />
          ) : (
            <Introduction reference={reference} />
          )}
        </div>
      </div>
    </main>
  );
}
