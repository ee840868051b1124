"use client";

import { Segmented } from "../../segmented.tsx";
import type { AuditPageModel } from "../use-audit-page.ts";

/** Which part of the rows the page shows. */
export function ScopeChoice<Row extends { no: number }>({ model }: { model: AuditPageModel<Row> }) {
  const { scopes } = model.surface;
  const { scope, setScope } = model.url;
  if (!scopes || !scope) return null;
  return (
    <Segmented
      label="Show"
      value={scope.value}
      onValueChange={(next) => void setScope(next)}
      options={scopes}
    />
  );
}
