import { CopyButton } from "../copy-button.tsx";

/** Recovery codes, which are shown this once. */
export function RecoveryCodeList({ codes }: { codes: readonly string[] }) {
  return (
    <div className="grid gap-2.5">
      <p className="text-nav text-fg-2">
        Each stands in for your second factor once, when it is lost. They are shown this once: write them
        down, or keep them where your password is not.
      </p>
      <ul
        aria-label="Recovery codes"
        className="mono grid grid-cols-2 gap-x-4 gap-y-1 rounded-2 border border-line bg-bg-subtle px-3 py-2.5 text-fg max-tablet:grid-cols-1"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div>
        <CopyButton text={codes.join("\n")} label="Copy recovery codes">
          Copy all
        </CopyButton>
      </div>
    </div>
  );
}
