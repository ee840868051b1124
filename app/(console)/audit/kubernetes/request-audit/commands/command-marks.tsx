import { CircleCheck, CircleX } from "lucide-react";
import type { RequestAuditCommand } from "../../../../../../lib/audit/request-audit/schema.ts";
import { ClaimTag } from "../../../../../components/audit/detail/facts.tsx";
import { formatNumber } from "../../../../../components/audit/format-count.ts";
import type { CellContext } from "../../../../../components/audit/surface.ts";
import { classNames } from "../../../../../components/class-names.ts";

/** What a list of commands needs, as a table and as items. */
export interface CommandsProps {
  commands: readonly RequestAuditCommand[];
  /** The key of the command that the keys are at. */
  focused: string | null;
  context: CellContext;
  onOpen: (command: RequestAuditCommand) => void;
}

type Ended = Pick<RequestAuditCommand, "failures" | "exitCode">;

/** A line of the web shell says by its exit code how it ended; of a claim only the calls do. */
export const hasFailed = ({ failures, exitCode }: Ended): boolean =>
  exitCode === null ? failures > 0 : exitCode !== 0;

/** How the command ended. */
export function CommandResult({ command }: { command: Ended }) {
  const { failures, exitCode } = command;
  return hasFailed(command) ? (
    <span className="result is-failure">
      <CircleX aria-hidden />
      {exitCode === null ? `${formatNumber(failures)} failed` : `Exit ${exitCode}`}
    </span>
  ) : (
    <span className="result">
      <CircleCheck aria-hidden />
      Success
    </span>
  );
}

/** Says who vouches for the line: the client alone, or the gateway, which put it together from the calls; nobody where the web shell captured it. */
export function OriginTag({ command: { command, composed, claimed } }: { command: RequestAuditCommand }) {
  if (composed === null) return claimed ? <ClaimTag /> : null;
  const said = command === null ? "The client named no command" : `The client’s own claim is “${command}”`;
  return (
    <span
      className={classNames("tag flex-none", command !== null && "is-claim")}
      title={`${said}; what it was for is put together from its calls`}
    >
      {command === null ? "composed" : "composed claim"}
    </span>
  );
}

export const commandText = ({ command, composed }: RequestAuditCommand): string =>
  composed ?? command ?? "(not named)";

/** What tells a command from others: the session's id is the client's word, and others may use the same. */
export const commandKey = ({
  sessionId,
  tokenId,
  email,
  name,
  clusterName,
  command,
}: RequestAuditCommand): string => JSON.stringify([sessionId, tokenId, email, name, clusterName, command]);

/** Brings the focused one into sight. */
export function scrollToFocused(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "nearest" });
}
