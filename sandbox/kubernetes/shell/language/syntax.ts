/** A piece of a word. `quoted` pieces are neither split into fields nor matched against file names. */
export type WordPart =
  | { kind: "text"; text: string; quoted: boolean }
  | { kind: "parameter"; name: string; operator: string; argument: Word; quoted: boolean }
  | { kind: "command"; script: Script; quoted: boolean }
  | { kind: "arithmetic"; expression: Word; quoted: boolean };

export type Word = WordPart[];

export interface Redirection {
  fd: number;
  operator: "<" | ">" | ">>" | ">&" | "<&" | "<<" | "<<<" | "&>";
  target: Word;
}

interface Assignment {
  name: string;
  value: Word;
}

export type Command =
  | { kind: "simple"; assignments: Assignment[]; words: Word[]; redirections: Redirection[] }
  | { kind: "group"; body: Script; subshell: boolean; redirections: Redirection[] }
  | {
      kind: "if";
      clauses: { condition: Script; body: Script }[];
      otherwise: Script | null;
      redirections: Redirection[];
    }
  | { kind: "while"; until: boolean; condition: Script; body: Script; redirections: Redirection[] }
  | { kind: "for"; variable: string; words: Word[] | null; body: Script; redirections: Redirection[] }
  | { kind: "case"; word: Word; items: { patterns: Word[]; body: Script }[]; redirections: Redirection[] }
  | { kind: "function"; name: string; body: Command; redirections: Redirection[] };

export interface Pipeline {
  negated: boolean;
  commands: Command[];
}

export interface AndOr {
  pipelines: { operator: "&&" | "||" | null; pipeline: Pipeline }[];
  background: boolean;
}

export type Script = AndOr[];

/** The text is no shell script. */
export class ShellSyntaxError extends Error {
  /** True where more text could make it one: an interactive shell then asks for more. */
  readonly incomplete: boolean;

  constructor(message: string, incomplete = false) {
    super(message);
    this.name = "ShellSyntaxError";
    this.incomplete = incomplete;
  }
}
