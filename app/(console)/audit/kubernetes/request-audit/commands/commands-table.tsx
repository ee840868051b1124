import type { RequestAuditCommand } from "../../../../../../lib/audit/request-audit/schema.ts";
import { formatDuration, formatNumber } from "../../../../../components/audit/format-count.ts";
import type { CellContext } from "../../../../../components/audit/surface.ts";
import { classNames } from "../../../../../components/class-names.ts";
import { formatClock, formatDay } from "../../../../../components/time/format-time.ts";
import {
  CommandResult,
  type CommandsProps,
  commandKey,
  commandText,
  hasFailed,
  OriginTag,
  scrollToFocused,
} from "./command-marks.tsx";

/** Commands as rows. */
export function CommandsTable({ commands, focused, context, onOpen }: CommandsProps) {
  return (
    <table className="audit-table commands-table">
      <CommandsHead oneDay={context.oneDay} />
      <tbody>
        {commands.map((command) => (
          <CommandRow
            key={commandKey(command)}
            command={command}
            isFocused={commandKey(command) === focused}
            context={context}
            onOpen={onOpen}
          />
        ))}
      </tbody>
    </table>
  );
}

function CommandsHead({ oneDay }: { oneDay: boolean }) {
  return (
    <thead>
      <tr>
        <th scope="col" style={{ width: oneDay ? 96 : 132 }} aria-sort="descending">
          <span className="label">Last call</span>
        </th>
        <th scope="col" style={{ width: 88 }}>
          Result
        </th>
        <th scope="col">Command</th>
        <th scope="col" style={{ width: 124 }}>
          Name
        </th>
        <th scope="col" style={{ width: 96 }}>
          Cluster Name
        </th>
        <th scope="col" style={{ width: 52 }} className="is-number">
          Calls
        </th>
        <th scope="col" style={{ width: 72 }} className="is-number">
          Duration
        </th>
        <th scope="col" style={{ width: 110 }}>
          Client Name
        </th>
      </tr>
    </thead>
  );
}

function CommandRow({
  command,
  isFocused,
  context: { timeZone, oneDay },
  onOpen,
}: {
  command: RequestAuditCommand;
  isFocused: boolean;
  context: CellContext;
  onOpen: (command: RequestAuditCommand) => void;
}) {
  const time = Date.parse(command.lastAt);
  return (
    <tr
      ref={isFocused ? scrollToFocused : undefined}
      className={classNames(hasFailed(command) && "is-failure", isFocused && "is-focused")}
      onClick={() => onOpen(command)}
    >
      <td className="is-ink tabular-nums">
        {oneDay ? "" : `${formatDay(time, timeZone)} `}
        {formatClock(time, timeZone)}
      </td>
      <td>
        <CommandResult command={command} />
      </td>
      <td title={commandText(command)}>
        <span className="flex min-w-0 items-center gap-2">
          <button
            type="button"
            className="identifier cut min-w-0"
            aria-current={isFocused ? "true" : undefined}
          >
            {commandText(command)}
          </button>
          <OriginTag command={command} />
        </span>
      </td>
      <td className="is-ink" title={command.email ?? undefined}>
        {command.name}
      </td>
      <td>{command.clusterName}</td>
      <td className="is-number">{formatNumber(command.calls)}</td>
      <td className="is-number">{formatDuration(command.durationMs)}</td>
      <td>
        <span className="identifier is-dim">{command.clientName}</span>
      </td>
    </tr>
  );
}
