import { LineRefusal } from "./line-refusal.ts";
import { readTokens, type Token, type Word } from "./read-tokens.ts";

/** One program of a line, with where its input and output go. */
export interface Stage {
  /** Program first; at least one. */
  words: string[];
  /** File that standard input is read from (`<`); null where there is none. */
  input: string | null;
  output: { file: string; append: boolean } | null;
}

/** A line: what runs, each one's output the next one's input. Empty for an empty line. */
export type Pipeline = Stage[];

const MOST_STAGES = 8;
const MOST_WORDS = 512;

/**
 * Reads a line as a POSIX shell would (2.2 Quoting, 2.3 Token Recognition), as far as it is taken here: words, quotes, `|`, `<`, `>`, `>>`.
 * What a shell would read otherwise than as plain words is refused, never taken literally. Throws a {@link LineRefusal}.
 */
export function parseLine(line: string): Pipeline {
  const tokens = readTokens(line);
  if (tokens.length === 0) return [];
  const stages = splitAtPipes(tokens).map(readStage);
  if (stages.length > MOST_STAGES) throw new LineRefusal(`at most ${MOST_STAGES} programs in a line`);
  for (const [at, stage] of stages.entries()) {
    if (stage.input !== null && at > 0)
      throw new LineRefusal("< belongs to the first program of a line: the others read what comes by |");
    if (stage.output !== null && at < stages.length - 1)
      throw new LineRefusal("> belongs to the last program of a line: the others write to the next one by |");
  }
  return stages;
}

function splitAtPipes(tokens: Token[]): Token[][] {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === "operator" && token.text === "|") parts.push([]);
    else parts.at(-1)!.push(token);
  }
  if (parts.some((part) => part.length === 0)) throw new LineRefusal("a program is missing at |");
  return parts;
}

function readStage(tokens: Token[]): Stage {
  const words: Word[] = [];
  const stage: Stage = { words: [], input: null, output: null };
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (token.kind === "word") words.push(token);
    else redirect(stage, token.text, tokens[++at]);
  }
  if (words.length === 0) throw new LineRefusal("a program is missing before < or >");
  if (words.length > MOST_WORDS) throw new LineRefusal(`at most ${MOST_WORDS} words to a program`);
  if (words[0]!.assigns)
    throw new LineRefusal(`${words[0]!.text.split("=")[0]}=…: there are no variables here`);
  stage.words = words.map(({ text }) => text);
  return stage;
}

function redirect(stage: Stage, operator: string, target: Token | undefined): void {
  if (target?.kind !== "word") throw new LineRefusal(`${operator} needs the name of a file after it`);
  if (operator === "<") {
    if (stage.input !== null) throw new LineRefusal("< stands twice");
    stage.input = target.text;
    return;
  }
  if (stage.output !== null) throw new LineRefusal("> stands twice: output goes to one file");
  stage.output = { file: target.text, append: operator === ">>" };
}
