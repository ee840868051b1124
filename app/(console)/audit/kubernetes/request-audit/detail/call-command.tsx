"use client";

import type { RequestAuditDetail, RequestAuditRelated } from "../../../../../../lib/audit/requests/schema.ts";
import { quote } from "../../../../../../lib/filter/tokenize.ts";
import { ClaimTag, Section } from "../../../../../components/audit/detail/facts.tsx";
import { Button } from "../../../../../components/button.tsx";
import { CopyButton } from "../../../../../components/copy-button.tsx";

/** The command behind the call. From the web shell it is what was typed; from kubectl it is what kubectl says. */
export function CallCommand({
  call,
  related,
  onFilter,
}: {
  call: RequestAuditDetail;
  related: RequestAuditRelated | null;
  onFilter: (filter: string) => void;
}) {
  const { command, sessionId } = call;
  if (!command && !sessionId) return null;
  const calls = related?.command.length ?? 0;
  return (
    <Section
      title="Command"
      note={call.accessMethod === "CLI" ? <ClaimTag /> : null}
      right={
        <>
          {sessionId && calls > 1 ? (
            <Button look="link" size="small" onClick={() => onFilter(`sessionId = ${quote(sessionId)}`)}>
              {calls} calls
            </Button>
          ) : null}
          {command ? <CopyButton text={command} label="Copy command" /> : null}
        </>
      }
    >
      <div className="code px-3 whitespace-pre-wrap [overflow-wrap:anywhere]">
        {command ?? "(kubectl did not name it)"}
      </div>
    </Section>
  );
}
