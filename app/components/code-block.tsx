"use client";

import highlighter from "highlight.js/lib/core";
import json from "highlight.js/lib/languages/json";
import yaml from "highlight.js/lib/languages/yaml";
import { useMemo } from "react";
import { classNames } from "./class-names.ts";
import { splitHighlightedLines } from "./highlighted-lines.ts";

highlighter.registerLanguage("yaml", yaml);
highlighter.registerLanguage("json", json);

/** Code with colours and line numbers. highlight.js escapes the text; nothing else reaches the markup. */
export function CodeBlock({
  text,
  language,
  label,
  wrap = false,
  className,
}: {
  text: string;
  language: "yaml" | "json";
  label: string;
  wrap?: boolean;
  className?: string;
}) {
  const lines = useMemo(
    () => splitHighlightedLines(highlighter.highlight(text.replace(/\n$/, ""), { language }).value),
    [text, language],
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
    <section aria-label={label} tabIndex={0} className={classNames("code", wrap && "code-wrap", className)}>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
        <div className="code-line" key={index}>
          <i aria-hidden>{index + 1}</i>
          {/* biome-ignore lint/security/noDangerouslySetInnerHtml: markup made by highlight.js from escaped text */}
          <span dangerouslySetInnerHTML={{ __html: line === "" ? "&#8203;" : line }} />
        </div>
      ))}
    </section>
  );
}
