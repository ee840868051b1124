import type { ComponentProps, ReactNode } from "react";
import { classNames } from "../class-names.ts";
import { FieldNote, noteId } from "../field-note.tsx";
import { Select, type SelectOption } from "../select.tsx";

/** A label, a control, and what there is to say about it. */
export function Field({
  id,
  label,
  hint,
  error,
  children,
}: {
  id: string;
  label: string;
  hint?: ReactNode;
  error?: string;
  children: ReactNode;
}) {
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="font-medium text-fg-2">
        {label}
      </label>
      {children}
      <FieldNote id={id} hint={hint} error={error} />
    </div>
  );
}

/** One of a few values, with a label. */
export function SelectField({
  id,
  label,
  hint,
  error,
  ...rest
}: {
  id: string;
  label: string;
  hint?: ReactNode;
  error?: string;
  value: string;
  onValueChange: (value: string) => void;
  options: readonly SelectOption[];
  placeholder?: string;
}) {
  return (
    <Field id={id} label={label} hint={hint} error={error}>
      <Select id={id} label={label} invalid={error !== undefined} className="w-full" {...rest} />
    </Field>
  );
}

/** Text of several lines: certificates, kubeconfigs. */
export function TextAreaField({
  id,
  label,
  hint,
  error,
  className,
  ...rest
}: ComponentProps<"textarea"> & { id: string; label: string; hint?: ReactNode; error?: string }) {
  return (
    <Field id={id} label={label} hint={hint} error={error}>
      <textarea
        id={id}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={error ? true : undefined}
        aria-describedby={error || hint ? noteId(id) : undefined}
        className={classNames(
          "mono w-full rounded-2 border border-line-control bg-bg px-2 py-1.5 leading-[18px] text-fg outline-none transition-colors hover:border-line-strong focus:border-accent focus:ring-1 focus:ring-accent aria-invalid:border-fail-mark max-tablet:text-[16px]",
          className,
        )}
        {...rest}
      />
    </Field>
  );
}
