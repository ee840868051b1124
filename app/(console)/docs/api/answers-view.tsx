"use client";

import { useState } from "react";
import { CodeBlock } from "../../../components/code-block.tsx";
import { CopyButton } from "../../../components/copy-button.tsx";
import { Segmented } from "../../../components/segmented.tsx";
import { FieldsTable } from "./fields-table.tsx";
import type { ApiAnswer } from "./model/read-document.ts";
import { Prose } from "./prose.tsx";

/** What an operation answers, status by status. */
export function AnswersView({ answers }: { answers: readonly ApiAnswer[] }) {
  const [status, setStatus] = useState(answers[0]?.status ?? "");
  const answer = answers.find((one) => one.status === status);
  return (
    <section aria-label="Answers">
      <h3 className="api-heading">Answers</h3>
      <div className="border-t border-line px-5 py-3 max-tablet:px-4">
        <div className="max-w-full overflow-auto">
          <Segmented
            label="Status"
            value={status}
            onValueChange={setStatus}
            options={answers.map((one) => ({ value: one.status, label: one.status }))}
          />
        </div>
        {answer ? <Answer answer={answer} /> : null}
      </div>
      {answer?.types.map(({ mediaType, fields }) => (
        <FieldsTable key={mediaType} title="Fields" note={mediaType} fields={fields} />
      ))}
    </section>
  );
}

function Answer({ answer }: { answer: ApiAnswer }) {
  return (
    <>
      {answer.description === "Done." ? null : (
        <p className="mt-2.5 text-nav text-fg-2">
          <Prose text={answer.description} />
        </p>
      )}
      {answer.headers.map(({ name, description }) => (
        <p key={name} className="mt-2 text-fg-2">
          <span className="identifier">{name}</span> {description}
        </p>
      ))}
      {answer.types.map(({ mediaType, description, example }) => (
        <div key={mediaType} className="mt-3">
          <p className="flex min-h-6 items-center gap-2 text-meta text-fg-3">
            <span className="font-medium text-fg-2">{mediaType}</span> {description}
            {example ? (
              <span className="ml-auto">
                <CopyButton text={example} label="Copy example" />
              </span>
            ) : null}
          </p>
          {example ? (
            <CodeBlock
              text={example}
              language="json"
              label={`Example of ${mediaType}`}
              className="mt-1 max-h-[340px] overflow-auto"
            />
          ) : null}
        </div>
      ))}
    </>
  );
}
