import { Fragment } from "react";

/** What the record has in place of a secret. */
const REDACTED = /(\[redacted(?: \d+ bytes)?\])/;

/** A command line in which a secret that was left out is seen to be left out. */
export function RedactedText({ text }: { text: string }) {
  return text.split(REDACTED).map((part, at) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text
    if (!REDACTED.test(part)) return <Fragment key={at}>{part}</Fragment>;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text
      <span key={at} className="redacted" title={`${part.slice(1, -1)}: the screen itself may show it`}>
        redacted
      </span>
    );
  });
}
