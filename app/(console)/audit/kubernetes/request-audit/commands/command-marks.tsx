import { CircleCheck, CircleX } from "lucide-react";
import type { RequestAuditCommand } from "../../../../../../lib/audit/requests/schema.ts";
import { formatNumber } from "../../../../../components/audit/format-count.ts";
import type { CellContext } from "../../../../../components/audit/surface.ts";

/** What a list of commands needs, as a table and as items. */
export interface CommandsProps {
  commands: readonly RequestAuditCommand[];
  /** The key of the command that the keys are at. */
  focused: string | null;
  context: CellContext;
  onOpen: (command: RequestAuditCommand) => void;
}

/** How the command's calls ended. */
export function CommandResult({ failures }: { failures: number }) {
  return failures > 0 ? (
    <span className="result is-failure">
      <CircleX aria-hidden />
      {formatNumber(failures)} failed
    </span>
  ) : (
    <span className="result">
      <CircleCheck aria-hidden />
      Success
    </span>
  );
}

/** Says that only the client vouches for the command. */
export function ClaimTag() {
  return (
    <span className="tag is-claim flex-none" title="Sent by the client; the gateway cannot check it">
      client’s own claim
    </span>
  );
}

/** Says that the gateway put the line together, and what the client said. */
export function ComposedTag({ command }: Pick<RequestAuditCommand, "command">) {
  const said = command === null ? "The client named no command" : `The client said “${command}”`;
  return (
    <span className="tag flex-none" title={`${said}; what it was for is put together from its calls`}>
      composed
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
