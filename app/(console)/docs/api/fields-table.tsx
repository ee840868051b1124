import type { FieldRow } from "./model/schema-text.ts";
import { Prose } from "./prose.tsx";

/** The fields of an object. */
export function FieldsTable({
  title,
  note,
  fields,
}: {
  title: string;
  note?: string;
  fields: readonly FieldRow[];
}) {
  if (fields.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3 className="api-heading">
        {title}
        {note ? <span>{note}</span> : null}
      </h3>
      <dl className="api-fields">
        {fields.map(({ name, type, description, required }) => (
          <div key={name}>
            <dt>
              <span className="identifier break-all">{name}</span>
              {required ? null : <span>optional</span>}
            </dt>
            <dd>
              <span className="type">{type}</span>
              {description ? (
                <p>
                  <Prose text={description} />
                </p>
              ) : null}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
