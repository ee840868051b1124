import type { RecordedSession } from "../recorded-session.ts";

type Described = Pick<RecordedSession, "kind" | "namespace" | "pod"> & {
  actor: { name: string | null; email: string | null };
};

/** A session as Event History names it: `exec shop/web-1 by ann@acme.example`. */
export function describeSession({ kind, namespace, pod, actor }: Described): string {
  const where = pod === null ? "" : ` ${namespace ?? ""}/${pod}`;
  return `${kind}${where} by ${actor.email || actor.name}`;
}
