import type { RoleVersionDetail } from "../../../../../../lib/access/roles/schema.ts";
import { classNames } from "../../../../../components/class-names.ts";
import { CodeBlock } from "../../../../../components/code-block.tsx";

/** What changed with a version, line by line; of the first, the whole. */
export function VersionDiff({ version: { diff, yaml, against } }: { version: RoleVersionDetail }) {
  if (against === null) return <CodeBlock text={yaml} language="yaml" label="The first version" />;
  if (diff === "") return <p className="text-fg-3">Nothing of the document changed.</p>;
  const lines = diff.split("\n").filter((line) => /^[ +@-]/.test(line) && !/^(---|\+\+\+)/.test(line));
  return (
    <>
      <h3 className="pb-1.5 text-meta font-medium text-fg-3">What changed since version {against}</h3>
      <section className="diff" aria-label={`Changes since version ${against}`}>
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
          <DiffLine key={index} line={line} />
        ))}
      </section>
    </>
  );
}

function DiffLine({ line }: { line: string }) {
  if (line.startsWith("@@")) return <div className="px-3 text-fg-3">…</div>;
  const sign = line[0];
  const kind = sign === "+" ? "added" : sign === "-" ? "removed" : null;
  return (
    <div
      className={classNames(
        "px-3 whitespace-pre-wrap wrap-anywhere",
        kind === "added" && "bg-(--add-bg) text-(--add-fg)",
        kind === "removed" && "bg-(--del-bg) text-(--del-fg)",
      )}
    >
      {kind ? <span className="sr-only">{kind}: </span> : null}
      {line}
    </div>
  );
}
