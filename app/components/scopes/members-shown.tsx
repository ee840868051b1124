import { Section } from "../audit/detail/facts.tsx";
import { type Member, type MemberField, textOf } from "./member-draft.ts";

/** The members as they were written, in a drawer. */
export function MembersShown({
  members,
  fields,
}: {
  members: readonly Member[];
  fields: readonly MemberField[];
}) {
  return (
    <Section title="Members">
      <ul className="grid gap-2">
        {members.map((member) => (
          <li key={JSON.stringify(member)}>
            <dl className="facts">
              {fields
                .map(({ name, label }) => ({ name, label, text: textOf(member[name] ?? []) }))
                .filter(({ text }) => text !== "")
                .map(({ name, label, text }) => (
                  <div key={name} className="contents">
                    <dt>{label}</dt>
                    <dd className="mono wrap-anywhere">{text}</dd>
                  </div>
                ))}
            </dl>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** A member in one line: `prod-*: payments, team=a`. */
export function memberLine(member: Member, fields: readonly MemberField[]): string {
  const texts = (names: readonly string[]) =>
    names
      .map((name) => textOf(member[name] ?? []))
      .filter(Boolean)
      .join(", ");
  const where = texts(["clusters", "clusterLabels"]);
  const what = texts(fields.map(({ name }) => name).filter((name) => !name.startsWith("cluster")));
  return `${where}: ${what}`;
}
