import type { ReactNode } from "react";

/** A section of the drawer. */
export function Section({
  title,
  note,
  right,
  children,
}: {
  title: string;
  note?: ReactNode;
  right?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="section">
      <h3>
        {title}
        {note}
        {right ? <span className="right">{right}</span> : null}
      </h3>
      {children}
    </section>
  );
}

/** Names and values: `Fact`s. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="facts">{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** What is not there, in words. */
export function Absent({ children }: { children: ReactNode }) {
  return <span className="muted">{children}</span>;
}

/** Marks what the client asserted and the gateway cannot check. */
export function ClaimTag() {
  return (
    <span className="tag is-claim flex-none" title="Sent by the client; the gateway cannot check it">
      client’s own claim
    </span>
  );
}
