import type { ApiParameter } from "./model/read-document.ts";
import { Prose } from "./prose.tsx";

/** What an operation takes. */
export function ParametersTable({ parameters }: { parameters: readonly ApiParameter[] }) {
  return (
    <section aria-label="Parameters">
      <h3 className="api-heading">Parameters</h3>
      <dl className="api-fields">
        {parameters.map((parameter) => (
          <div key={parameter.name}>
            <dt>
              <span className="identifier">{parameter.name}</span>
              <span>{parameter.required ? "required" : parameter.in}</span>
            </dt>
            <dd>
              <span className="type">{parameter.type}</span>
              {parameter.description ? (
                <p>
                  <Prose text={parameter.description} />
                </p>
              ) : null}
              {parameter.default === null ? null : <Given name="Default" value={parameter.default} />}
              {parameter.example === null ? null : <Given name="Example" value={parameter.example} />}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Given({ name, value }: { name: string; value: string }) {
  return (
    <p className="text-fg-3">
      {name} <code className="mono break-all text-fg-2">{value}</code>
    </p>
  );
}
