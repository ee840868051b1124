import { CircleCheck, CircleSlash } from "lucide-react";

/** Whether a person or an application may sign in: icon and word. */
export function EnabledMark({ enabled }: { enabled: boolean }) {
  if (enabled) {
    return (
      <span className="result">
        <CircleCheck aria-hidden />
        Enabled
      </span>
    );
  }
  return (
    <span className="result is-open">
      <CircleSlash aria-hidden />
      Disabled
    </span>
  );
}
