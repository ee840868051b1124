import type { ReactNode } from "react";

/** An empty or failed place: what happened, then what to do. */
export function MessagePanel({
  title,
  children,
  actions,
  role,
}: {
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  role?: "alert" | "status";
}) {
  return (
    <div role={role} className="grid max-w-[400px] justify-items-start gap-1 px-5 py-6">
      <h2 className="text-title font-semibold tracking-[-0.005em]">{title}</h2>
      {children ? <div className="text-nav text-fg-2">{children}</div> : null}
      {actions ? <div className="mt-3 flex flex-wrap gap-2">{actions}</div> : null}
    </div>
  );
}
