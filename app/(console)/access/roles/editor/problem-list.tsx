import { CircleX, TriangleAlert } from "lucide-react";
import type { DocumentProblem } from "../../../../../lib/access/roles/schema.ts";

/** What is wrong with the document, with its line where it has one. */
export function ProblemList({
  problems,
  onGoTo,
}: {
  problems: readonly DocumentProblem[];
  onGoTo?: (position: { line: number; column: number }) => void;
}) {
  if (problems.length === 0) return null;
  return (
    <ul
      aria-label="Problems"
      aria-live="polite"
      className="max-h-[132px] overflow-auto border-b border-line px-5 py-2 max-tablet:px-4"
    >
      {problems.map((problem) => (
        <li
          key={`${problem.field} ${problem.message} ${problem.position?.line}`}
          className="flex gap-2 py-0.5"
        >
          {problem.severity === "error" ? (
            <CircleX aria-label="Error" className="mt-0.5 size-3.5! flex-none text-fail" />
          ) : (
            <TriangleAlert aria-label="Warning" className="mt-0.5 size-3.5! flex-none text-warn" />
          )}
          <Problem problem={problem} onGoTo={onGoTo} />
        </li>
      ))}
    </ul>
  );
}

function Problem({
  problem: { position, field, message },
  onGoTo,
}: {
  problem: DocumentProblem;
  onGoTo?: (position: { line: number; column: number }) => void;
}) {
  const text = (
    <>
      {position ? <b className="font-medium">Line {position.line}: </b> : null}
      {field ? <span className="mono">{field}</span> : null}
      {field ? ": " : ""}
      {message}
    </>
  );
  if (!position || !onGoTo) return <span className="wrap-anywhere text-fg">{text}</span>;
  return (
    <button
      type="button"
      className="text-left wrap-anywhere text-fg hover:underline"
      onClick={() => onGoTo({ ...position })}
    >
      {text}
    </button>
  );
}
