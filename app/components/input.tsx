import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names.ts";
import { FieldNote, noteId } from "./field-note.tsx";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return (
    <input
      className={classNames(
        "h-7 w-full min-w-0 rounded-2 border border-line-control bg-bg px-2 text-fg outline-none transition-colors hover:border-line-strong focus:border-accent focus:ring-1 focus:ring-accent aria-invalid:border-fail-mark max-tablet:h-11 max-tablet:text-[16px]",
        className,
      )}
      {...rest}
    />
  );
}

/** A labelled input with room for a hint or what is wrong with it. */
export function InputField({
  label,
  hint,
  error,
  id,
  className,
  ...rest
}: ComponentProps<"input"> & { label: string; hint?: ReactNode; error?: string; id: string }) {
  return (
    <div className={classNames("grid gap-1", className)}>
      <label htmlFor={id} className="font-medium text-fg-2">
        {label}
      </label>
      <Input
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={error || hint ? noteId(id) : undefined}
        {...rest}
      />
      <FieldNote id={id} hint={hint} error={error} />
    </div>
  );
}
