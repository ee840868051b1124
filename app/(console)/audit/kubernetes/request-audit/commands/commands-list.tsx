import { CircleCheck, CircleX } from "lucide-react";
import type { RequestAuditCommand } from "../../../../../../lib/audit/request-audit/schema.ts";
import { formatNumber } from "../../../../../components/audit/format-count.ts";
import { classNames } from "../../../../../components/class-names.ts";
import { formatClock, formatDay, formatMinute } from "../../../../../components/time/format-time.ts";
import {
  type CommandsProps,
  commandKey,
  commandText,
  hasFailed,
  OriginTag,
  scrollToFocused,
} from "./command-marks.tsx";

/** Commands on a phone: items of two lines. */
export function CommandsList({ commands, focused, context: { timeZone, oneDay }, onOpen }: CommandsProps) {
  return (
    <ul aria-label="commands">
      {commands.map((command) => {
        const failed = hasFailed(command);
        const isFocused = commandKey(command) === focused;
        const time = Date.parse(command.lastAt);
        const Icon = failed ? CircleX : CircleCheck;
        return (
          <li key={commandKey(command)}>
            <button
              type="button"
              ref={isFocused ? scrollToFocused : undefined}
              className={classNames("call-item", failed && "is-failure", isFocused && "is-focused")}
              onClick={() => onOpen(command)}
            >
              <Icon aria-hidden />
              <span className="min-w-0">
                <span className="what">
                  <span className="identifier cut">{commandText(command)}</span>
                </span>
                <span className="who flex min-w-0 items-center gap-2">
                  <span className="cut">
                    <span className="sr-only">{failed ? `${failureText(command)}, ` : "Success, "}</span>
                    {command.name} <span className="muted">{command.clusterName}</span>
                  </span>
                  <OriginTag command={command} />
                </span>
              </span>
              <span className="when">
                {oneDay
                  ? formatClock(time, timeZone)
                  : `${formatDay(time, timeZone)} ${formatMinute(time, timeZone)}`}
                <span>{failed ? failureText(command) : callsText(command.calls)}</span>
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

const callsText = (calls: number): string => `${formatNumber(calls)} ${calls === 1 ? "call" : "calls"}`;

function failureText({ exitCode, failures, calls }: RequestAuditCommand): string {
  return exitCode === null
    ? `${formatNumber(failures)} of ${formatNumber(calls)} failed`
    : `exit code ${exitCode}`;
}
