import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** The editor in the console's own colours, light and dark. */
export const EDITOR_LOOK = [
  EditorView.theme({
    "&": { height: "100%", backgroundColor: "var(--bg)", color: "var(--fg)", fontSize: "12px" },
    "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
    ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "19px" },
    ".cm-gutters": { backgroundColor: "var(--bg-subtle)", color: "var(--fg-3)", border: "0" },
    ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--bg-hover)" },
    ".cm-cursor": { borderLeftColor: "var(--fg)" },
    "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
      backgroundColor: "var(--bg-selected)",
    },
    ".cm-tooltip": {
      backgroundColor: "var(--bg-raised)",
      color: "var(--fg)",
      border: "1px solid var(--line-control)",
      borderRadius: "var(--r2)",
      maxWidth: "min(420px, 90vw)",
    },
    ".cm-tooltip-autocomplete > ul > li[aria-selected]": {
      backgroundColor: "var(--bg-press)",
      color: "var(--fg)",
    },
    ".cm-completionDetail": { color: "var(--fg-3)" },
    ".cm-diagnostic-error": { borderLeftColor: "var(--fail-mark)" },
  }),
  syntaxHighlighting(
    HighlightStyle.define([
      { tag: tags.propertyName, color: "var(--accent)" },
      { tag: tags.comment, color: "var(--fg-3)" },
      { tag: [tags.string, tags.content], color: "var(--fg)" },
      { tag: [tags.punctuation, tags.separator], color: "var(--fg-3)" },
    ]),
  ),
];
