import type { Method } from "./model/read-document.ts";

const RISK: Record<Method, string> = {
  get: "read",
  post: "write",
  put: "write",
  patch: "write",
  delete: "delete",
};

/** An operation's method on the ground of what it can do. */
export function MethodMark({ method }: { method: Method }) {
  return <span className={`verb is-${RISK[method]} method-mark`}>{method.toUpperCase()}</span>;
}
