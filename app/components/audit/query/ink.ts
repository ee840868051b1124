import { type Token, tokenizeFilter } from "../../../../lib/filter/tokenize.ts";

/** A run of characters of one colour. A clause is a comparison, drawn on a tinted ground. */
interface InkRun {
  text: string;
  className: string;
}
export interface InkPiece {
  clause: boolean;
  runs: InkRun[];
  start: number;
}

const CLASSES: Record<Token["kind"], string> = {
  field: "syn-field",
  operator: "syn-operator",
  keyword: "syn-boolean",
  value: "syn-value",
  string: "syn-value",
  presence: "syn-value",
  open: "syn-paren",
  close: "syn-paren",
  comma: "syn-operator",
  minus: "syn-boolean",
  error: "syn-wrong",
};

interface Place {
  start: number;
  end: number;
}

/**
 * The text of an expression in coloured runs, each comparison a piece of its own. Joined, the runs are the text itself, so that
 * the coloured copy lies exactly under the input.
 */
export function inkOf(text: string, wrong: Place | null): InkPiece[] {
  const pieces: InkPiece[] = [];
  let at = 0;
  for (const group of groupClauses(tokenizeFilter(text))) {
    const first = group.tokens[0];
    if (!first) continue;
    if (first.start > at)
      pieces.push({ clause: false, start: at, runs: [{ text: text.slice(at, first.start), className: "" }] });
    const runs: InkRun[] = [];
    at = first.start;
    for (const token of group.tokens) {
      if (token.start > at) runs.push({ text: text.slice(at, token.start), className: "" });
      runs.push({ text: token.text, className: classOf(token, wrong) });
      at = token.end;
    }
    pieces.push({ clause: group.clause, start: first.start, runs });
  }
  if (at < text.length)
    pieces.push({ clause: false, start: at, runs: [{ text: text.slice(at), className: "" }] });
  return pieces;
}

function classOf(token: Token, wrong: Place | null): string {
  const hit = wrong !== null && token.start < Math.max(wrong.end, wrong.start + 1) && token.end > wrong.start;
  return hit ? `${CLASSES[token.kind]} syn-wrong` : CLASSES[token.kind];
}

/** A field starts a clause, which goes on over its operator and value or its list of values. */
function groupClauses(tokens: Token[]): { clause: boolean; tokens: Token[] }[] {
  const groups: { clause: boolean; tokens: Token[] }[] = [];
  let list = false;
  for (const token of tokens) {
    const current = groups.at(-1);
    const last = current?.tokens.at(-1);
    const inword = token.kind === "keyword" && token.text.toUpperCase() === "IN";
    const opensList = token.kind === "open" && last?.kind === "keyword" && last.text.toUpperCase() === "IN";
    const continues: boolean =
      current?.clause === true &&
      (list || opensList || inword || ["operator", "value", "string", "presence"].includes(token.kind));
    if (continues) current?.tokens.push(token);
    else groups.push({ clause: token.kind === "field", tokens: [token] });
    if (opensList) list = continues;
    if (token.kind === "close") list = false;
  }
  return groups;
}
