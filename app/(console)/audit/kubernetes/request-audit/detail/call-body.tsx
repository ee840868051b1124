import { BODY_NOT_KEPT } from "../../../../../../lib/audit/redaction/schema.ts";
import type { RequestAuditDetail } from "../../../../../../lib/audit/request-audit/schema.ts";
import { Section } from "../../../../../components/audit/detail/facts.tsx";
import { formatBytes } from "../../../../../components/audit/format-count.ts";
import { CodeBlock } from "../../../../../components/code-block.tsx";
import { CopyButton } from "../../../../../components/copy-button.tsx";

/** The request's body as it was kept: YAML, at most 4 KB, secrets taken out; its full length and hash are the original's. */
export function CallBody({ call }: { call: RequestAuditDetail }) {
  const { requestBody, requestBodyBytes, requestBodySha256, requestBodyTruncated } = call;
  if (requestBody === null && requestBodyBytes === null) return null;
  const isKept = requestBody !== null && !requestBody.startsWith(BODY_NOT_KEPT);
  const isCut = isKept && requestBodyTruncated;
  const kept = isCut ? "the first 4 KB kept" : isKept ? "kept whole" : "not kept";
  return (
    <Section
      title="Request Body"
      note={
        <span className="font-normal tabular-nums">
          {formatBytes(requestBodyBytes ?? 0)}
          {`, ${kept}`}
        </span>
      }
      right={
        <>
          {requestBodySha256 ? <Hash hash={requestBodySha256} /> : null}
          {requestBody ? <CopyButton text={requestBody} label="Copy body" /> : null}
        </>
      }
    >
      {requestBody ? (
        <CodeBlock text={requestBody} language="yaml" label="Request body" />
      ) : (
        <p className="text-fg-3">No content was kept: only its length and hash.</p>
      )}
      {isCut ? (
        <p className="pt-1.5 text-meta text-fg-3">
          Cut at 4 KB. The call itself went through whole; length and SHA-256 are of all of it.
        </p>
      ) : null}
    </Section>
  );
}

function Hash({ hash }: { hash: string }) {
  return (
    <CopyButton
      text={hash}
      label="Copy SHA-256"
      look="ghost"
      size="small"
      title={`SHA-256 of the body as it was sent: ${hash}`}
      className="identifier is-dim font-normal text-[11px]"
    >
      sha256 {hash.slice(0, 6)}…{hash.slice(-4)}
    </CopyButton>
  );
}
