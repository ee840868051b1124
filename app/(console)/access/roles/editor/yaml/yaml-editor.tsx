"use client";

import { autocompletion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { indentUnit } from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState, type Text } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";
import type { DocumentProblem } from "../../../../../../lib/access/roles/schema.ts";
import { completeRole } from "./complete-role.ts";
import { EDITOR_LOOK } from "./editor-look.ts";

export interface YamlEditorProps {
  /** What stands there at first; what is typed goes to `onChange`. Another `key` for another text. */
  text: string;
  onChange: (text: string) => void;
  /** What is wrong, at its line. */
  problems: readonly DocumentProblem[];
  readOnly: boolean;
  /** Put the cursor there when it changes. */
  goTo: { line: number; column: number } | null;
}

/** A role's document as YAML. Escape, then Tab, leaves it by keyboard. */
export default function YamlEditor({ text, onChange, problems, readOnly, goTo }: YamlEditorProps) {
  const parent = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const change = useRef(onChange);
  change.current = onChange;
  const first = useRef(text);

  useEffect(() => {
    const editor = new EditorView({
      parent: parent.current!,
      state: EditorState.create({
        doc: first.current,
        extensions: extensions(readOnly, (next) => change.current(next)),
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [readOnly]);

  useEffect(() => {
    const editor = view.current;
    if (editor)
      editor.dispatch(
        setDiagnostics(
          editor.state,
          problems.map((each) => diagnosticOf(editor.state.doc, each)),
        ),
      );
  }, [problems]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || !goTo) return;
    const anchor = offsetOf(editor.state.doc, goTo);
    editor.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
    editor.focus();
  }, [goTo]);

  return <div ref={parent} className="h-full min-h-[360px] overflow-hidden" data-testid="role-yaml" />;
}

function extensions(readOnly: boolean, onChange: (text: string) => void) {
  return [
    lineNumbers(),
    lintGutter(),
    history(),
    yaml(),
    indentUnit.of("  "),
    closeBrackets(),
    autocompletion({ override: [completeRole] }),
    keymap.of([...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
    EditorView.lineWrapping,
    EditorState.readOnly.of(readOnly),
    EditorView.editable.of(!readOnly),
    EditorView.contentAttributes.of({ "aria-label": "The role as YAML", tabindex: "0" }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onChange(update.state.doc.toString());
    }),
    ...EDITOR_LOOK,
  ];
}

function diagnosticOf(doc: Text, { severity, message, field, position }: DocumentProblem): Diagnostic {
  const from = offsetOf(doc, position ?? { line: 1, column: 1 });
  const { to } = doc.lineAt(from);
  return { from, to: Math.max(from, to), severity, message: field ? `${field}: ${message}` : message };
}

function offsetOf(doc: Text, { line, column }: { line: number; column: number }): number {
  const { from, length } = doc.line(Math.min(Math.max(line, 1), doc.lines));
  return from + Math.min(column - 1, length);
}
