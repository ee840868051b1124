"use client";

import { useState } from "react";
import { Button } from "../../../components/button.tsx";
import { CodeBlock } from "../../../components/code-block.tsx";
import { CopyButton } from "../../../components/copy-button.tsx";
import { SelectField } from "../../../components/form/field.tsx";
import type { ApiOperation } from "./model/read-document.ts";
import { curlOf, type ParameterValues } from "./request-line.ts";
import { TryAnswer } from "./try-answer.tsx";
import { TryField } from "./try-field.tsx";
import { useOrigin } from "./use-origin.ts";
import { useTry } from "./use-try.ts";

/** Sends an operation that reads with the viewer's session; the same call for a shell. */
export function TryIt({ operation }: { operation: ApiOperation }) {
  const types = operation.answers[0]?.types.map(({ mediaType }) => mediaType) ?? [];
  const [values, setValues] = useState<ParameterValues>({});
  const [accept, setAccept] = useState(types[0] ?? "application/json");
  const [missing, setMissing] = useState<string | null>(null);
  const tried = useTry();
  const origin = useOrigin();
  const curl = curlOf(operation, { origin, values, accept: types.length > 0 ? accept : null });
  const runs = canRun(operation);

  function send() {
    const wanting = operation.parameters.find(({ name, required }) => required && !values[name]);
    setMissing(wanting?.name ?? null);
    if (!wanting) void tried.send(operation, values, accept);
  }

  return (
    <aside className="api-try" aria-label="Try it">
      <h3>Try it</h3>
      {runs ? (
        <form
          className="try-fields"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          {operation.parameters.map((parameter) => (
            <TryField
              key={parameter.name}
              parameter={parameter}
              value={values[parameter.name] ?? ""}
              onChange={(value) => setValues((now) => ({ ...now, [parameter.name]: value }))}
              error={
                missing === parameter.name ? `Takes ${parameter.type}.` : tried.errors.of(parameter.name)
              }
            />
          ))}
          {types.length > 1 ? (
            <SelectField
              id="try-accept"
              label="Accept"
              value={accept}
              onValueChange={setAccept}
              options={types.map((type) => ({ value: type, label: type }))}
            />
          ) : null}
          <div className="flex items-center gap-3 pt-1">
            <Button type="submit" look="primary" aria-disabled={tried.busy}>
              Send
            </Button>
            <span className="text-fg-3">with your session, as you</span>
          </div>
        </form>
      ) : (
        <p className="text-fg-2">{whyNot(operation)}</p>
      )}
      <TryAnswer tried={tried} />
      {operation.body ? <BodyExamples examples={operation.body.examples} /> : null}
      <div className="grid gap-1">
        <p className="flex items-center font-medium text-fg-2">
          In a shell
          <CopyButton className="ml-auto" text={curl} label="Copy curl command" />
        </p>
        <pre className="code px-3 py-2 break-all whitespace-pre-wrap">{curl}</pre>
      </div>
    </aside>
  );
}

function BodyExamples({ examples }: { examples: readonly string[] }) {
  return (
    <div className="grid gap-1">
      <p className="font-medium text-fg-2">{examples.length > 1 ? "Body, one of" : "Body"}</p>
      {examples.map((example) => (
        <CodeBlock key={example} text={example} language="json" label="Example of the body" />
      ))}
    </div>
  );
}

/** Only what reads, and ends. */
function canRun({ method, answers, path }: ApiOperation): boolean {
  const types = answers[0]?.types.map(({ mediaType }) => mediaType) ?? [];
  return method === "get" && types.includes("application/json") && !/\/(export|file)$/.test(path);
}

function whyNot({ method, path }: ApiOperation): string {
  if (method !== "get") return "It changes something, so it is not sent from here.";
  return path.endsWith("/live")
    ? "It streams until it is ended: run it in a shell."
    : "It answers a file of any size: run it in a shell, or use Export on the page.";
}
