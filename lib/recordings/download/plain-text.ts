import type { CastFileWriter } from "./cast-file.ts";
import { describeContent } from "./describe-content.ts";
import { TerminalText } from "./terminal-text.ts";

/** What was shown, as text: without a terminal's control sequences, stdout and stderr as they came. */
export function plainText(): CastFileWriter {
  const shown = new TerminalText();
  return {
    mediaType: "text/plain; charset=utf-8",
    extension: "txt",
    begin: () => "",
    write: (events) =>
      events
        .map(({ code, data }) => {
          if (code === "o" || code === "e") return shown.push(data);
          return code === "f" || code === "b"
            ? `${shown.endLine()}[${describeContent({ code, data })}]\n`
            : "";
        })
        .join(""),
    end: (problem) => shown.endLine() + (problem === null ? "" : `[NOT WHOLE: ${problem}]\n`),
  };
}
