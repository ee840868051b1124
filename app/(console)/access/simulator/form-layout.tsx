import type { ReactNode } from "react";
import type { FieldErrors } from "../../../components/form/field-errors.ts";
import type { AskedCall } from "./asked-call.ts";

export interface SimulatorFormProps {
  draft: AskedCall;
  onChange: (change: Partial<AskedCall>) => void;
  onAsk: () => void;
  errors: FieldErrors;
  mayAskOfOthers: boolean;
}

/** Fields that belong together. */
export function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="grid gap-2.5">
      <legend className="mb-1.5 text-meta font-medium text-fg-3">{title}</legend>
      {children}
    </fieldset>
  );
}

/** Two fields side by side. */
export function Pair({ children }: { children: ReactNode }) {
  return <div className="grid grid-cols-2 items-start gap-2">{children}</div>;
}
