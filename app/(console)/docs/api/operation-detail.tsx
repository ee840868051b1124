"use client";

import { ArrowLeft } from "lucide-react";
import { Button } from "../../../components/button.tsx";
import { AnswersView } from "./answers-view.tsx";
import { FieldsTable } from "./fields-table.tsx";
import { MethodMark } from "./method-mark.tsx";
import type { ApiOperation } from "./model/read-document.ts";
import { ParametersTable } from "./parameters-table.tsx";
import { Prose } from "./prose.tsx";
import { TryIt } from "./try-it.tsx";

/** One operation: what it takes, what it answers, and a place to try it. */
export function OperationDetail({
  operation,
  onBack,
}: {
  operation: ApiOperation;
  /** Back to all operations, where they do not stand beside it. */
  onBack: () => void;
}) {
  const { method, path, summary, description, deprecated, parameters, body, answers } = operation;
  return (
    <div className="api-operation">
      <article className="min-w-0">
        <header className="px-5 pt-4 pb-4 max-tablet:px-4">
          <Button look="ghost" className="-ml-2 mb-2 tablet:hidden" onClick={onBack}>
            <ArrowLeft aria-hidden />
            All operations
          </Button>
          <h2 className="text-heading font-semibold tracking-[-0.01em]">
            {summary}
            {deprecated ? <span className="tag ml-2 align-[2px] text-warn!">deprecated</span> : null}
          </h2>
          <p className="mt-1.5 flex items-center gap-2">
            <MethodMark method={method} />
            <span className="identifier break-all">{path}</span>
          </p>
          {description ? (
            <p className="mt-2 text-nav text-fg-2">
              <Prose text={description} />
            </p>
          ) : null}
        </header>
        {parameters.length > 0 ? <ParametersTable parameters={parameters} /> : null}
        {body ? <FieldsTable title="Body" note="application/json" fields={body.fields} /> : null}
        <AnswersView answers={answers} />
      </article>
      <TryIt operation={operation} />
    </div>
  );
}
