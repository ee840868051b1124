import { CopyButton } from "../copy-button.tsx";

/** An identifier, and a button that copies it. As high as a line of facts. */
export function Copyable({ text, label }: { text: string; label: string }) {
  return (
    <span className="inline-flex h-[21px] max-w-full items-center gap-1 align-top">
      <span className="mono cut">{text}</span>
      <CopyButton text={text} label={label} />
    </span>
  );
}
