import {
  type AndOr,
  type Command,
  type Pipeline,
  type Redirection,
  type Script,
  ShellSyntaxError,
  type Word,
} from "./syntax.ts";
import { TextCursor } from "./text-cursor.ts";
import { parseQuotedText, parseWord } from "./word-parser.ts";

const RESERVED = new Set([
  "if",
  "then",
  "elif",
  "else",
  "fi",
  "while",
  "until",
  "for",
  "do",
  "done",
  "case",
  "esac",
  "{",
  "}",
  "!",
  "in",
]);
const CLOSING = new Set(["then", "elif", "else", "fi", "do", "done", "esac", "}"]);
const ASSIGNMENT = /[A-Za-z_][A-Za-z0-9_]*=/y;
const FUNCTION_HEAD = /([A-Za-z_][A-Za-z0-9_-]*)[ \t]*\([ \t]*\)/y;
const RESERVED_WORD = /([a-z]+|[{}!])(?=[\s;&|<>()]|$)/y;
const REDIRECTION = /(\d*)(<<<|<<-|<<|>>|>&|<&|>\||&>|<|>)/y;
const MAX_DEPTH = 100;

/** Parses a whole script. Throws a ShellSyntaxError; its `incomplete` tells a text that breaks off from a wrong one. */
export function parseScript(text: string): Script {
  const parser = new ScriptParser(new TextCursor(text));
  return parser.parseAll();
}

interface PendingHereDocument {
  redirection: Redirection;
  delimiter: string;
  stripTabs: boolean;
  quoted: boolean;
}

class ScriptParser {
  readonly #cursor: TextCursor;
  #hereDocuments: PendingHereDocument[] = [];
  #depth: number;

  constructor(cursor: TextCursor, depth = 0) {
    this.#cursor = cursor;
    this.#depth = depth;
    if (depth > MAX_DEPTH) throw new ShellSyntaxError("nested too deeply");
  }

  parseAll(): Script {
    const script = this.#parseList();
    if (!this.#cursor.atEnd) throw this.#unexpected();
    if (this.#hereDocuments.length > 0) throw new ShellSyntaxError("unterminated here-document", true);
    return script;
  }

  #nested = (cursor: TextCursor): Script => new ScriptParser(cursor, this.#depth + 1).#parseList();

  /** Commands up to a closing word, a parenthesis or the end. */
  #parseList(): Script {
    const script: Script = [];
    for (;;) {
      this.#skipBlank(true);
      if (this.#cursor.atEnd || this.#cursor.peek() === ")" || this.#cursor.startsWith(";;")) return script;
      if (CLOSING.has(this.#peekReserved())) return script;
      const andOr = this.#parseAndOr();
      script.push(andOr);
      this.#skipBlank(false);
      if (this.#cursor.startsWith(";;")) return script;
      if (this.#cursor.peek() === "&" && this.#cursor.peek(1) !== "&") {
        this.#cursor.next();
        andOr.background = true;
      } else if (!this.#cursor.take(";") && this.#cursor.peek() !== "\n") {
        this.#skipBlank(false);
        if (this.#cursor.atEnd || this.#cursor.peek() === ")" || CLOSING.has(this.#peekReserved()))
          return script;
        throw this.#unexpected();
      }
    }
  }

  #parseAndOr(): AndOr {
    const andOr: AndOr = {
      pipelines: [{ operator: null, pipeline: this.#parsePipeline() }],
      background: false,
    };
    for (;;) {
      this.#skipBlank(false);
      const operator = this.#cursor.take("&&") ? "&&" : this.#cursor.take("||") ? "||" : null;
      if (operator === null) return andOr;
      this.#skipBlank(true);
      andOr.pipelines.push({ operator, pipeline: this.#parsePipeline() });
    }
  }

  #parsePipeline(): Pipeline {
    this.#skipBlank(false);
    let negated = false;
    while (this.#takeReserved("!")) negated = !negated;
    const commands = [this.#parseCommand()];
    for (;;) {
      this.#skipBlank(false);
      if (this.#cursor.peek() !== "|" || this.#cursor.peek(1) === "|") return { negated, commands };
      this.#cursor.next();
      this.#skipBlank(true);
      commands.push(this.#parseCommand());
    }
  }

  #parseCommand(): Command {
    this.#skipBlank(false);
    if (this.#cursor.atEnd) throw new ShellSyntaxError("unexpected end of file", true);
    if (++this.#depth > MAX_DEPTH) throw new ShellSyntaxError("nested too deeply");
    const command = this.#parseCompound() ?? this.#parseSimple();
    this.#depth--;
    return command;
  }

  #parseCompound(): Command | null {
    const command = this.#parseCompoundBody();
    if (command === null) return null;
    for (
      let redirection = this.#parseRedirection();
      redirection !== null;
      redirection = this.#parseRedirection()
    ) {
      command.redirections.push(redirection);
    }
    return command;
  }

  #parseCompoundBody(): Command | null {
    if (this.#cursor.take("(")) {
      const body = this.#parseList();
      this.#expect(")");
      return { kind: "group", body, subshell: true, redirections: [] };
    }
    FUNCTION_HEAD.lastIndex = this.#cursor.position;
    const head = FUNCTION_HEAD.exec(this.#cursor.text);
    if (head !== null && !RESERVED.has(head[1]!)) {
      this.#cursor.position += head[0].length;
      this.#skipBlank(true);
      return { kind: "function", name: head[1]!, body: this.#parseCommand(), redirections: [] };
    }
    switch (this.#peekReserved()) {
      case "{":
        return this.#parseGroup();
      case "if":
        return this.#parseIf();
      case "while":
      case "until":
        return this.#parseWhile();
      case "for":
        return this.#parseFor();
      case "case":
        return this.#parseCase();
      case "":
      case "in":
        return null;
      default:
        throw this.#unexpected();
    }
  }

  #parseGroup(): Command {
    this.#expectReserved("{");
    const body = this.#parseList();
    this.#expectReserved("}");
    return { kind: "group", body, subshell: false, redirections: [] };
  }

  #parseIf(): Command {
    this.#expectReserved("if");
    const clauses: { condition: Script; body: Script }[] = [];
    let otherwise: Script | null = null;
    do {
      const condition = this.#parseList();
      this.#expectReserved("then");
      clauses.push({ condition, body: this.#parseList() });
    } while (this.#takeReserved("elif"));
    if (this.#takeReserved("else")) otherwise = this.#parseList();
    this.#expectReserved("fi");
    return { kind: "if", clauses, otherwise, redirections: [] };
  }

  #parseWhile(): Command {
    const until = this.#takeReserved("until");
    if (!until) this.#expectReserved("while");
    const condition = this.#parseList();
    return { kind: "while", until, condition, body: this.#parseDo(), redirections: [] };
  }

  #parseDo(): Script {
    this.#skipBlank(true);
    this.#expectReserved("do");
    const body = this.#parseList();
    this.#expectReserved("done");
    return body;
  }

  #parseFor(): Command {
    this.#expectReserved("for");
    this.#skipBlank(false);
    const variable = this.#cursor.takeMatch(/[A-Za-z_][A-Za-z0-9_]*/y);
    if (variable === "") throw this.#unexpected();
    this.#skipBlank(true);
    let words: Word[] | null = null;
    if (this.#takeReserved("in")) {
      words = [];
      for (let word = this.#parseOptionalWord(); word.length > 0; word = this.#parseOptionalWord())
        words.push(word);
    }
    this.#cursor.take(";");
    return { kind: "for", variable, words, body: this.#parseDo(), redirections: [] };
  }

  #parseCase(): Command {
    this.#expectReserved("case");
    const word = this.#parseOptionalWord();
    this.#skipBlank(true);
    this.#expectReserved("in");
    const items: { patterns: Word[]; body: Script }[] = [];
    for (;;) {
      this.#skipBlank(true);
      if (this.#takeReserved("esac")) return { kind: "case", word, items, redirections: [] };
      if (this.#cursor.atEnd) throw new ShellSyntaxError('unexpected end of file (expecting "esac")', true);
      this.#cursor.take("(");
      const patterns = [this.#parseOptionalWord()];
      this.#skipBlank(false);
      while (this.#cursor.take("|")) {
        patterns.push(this.#parseOptionalWord());
        this.#skipBlank(false);
      }
      this.#expect(")");
      items.push({ patterns, body: this.#parseList() });
      this.#skipBlank(true);
      this.#cursor.take(";;");
    }
  }

  #parseSimple(): Command {
    const command: Extract<Command, { kind: "simple" }> = {
      kind: "simple",
      assignments: [],
      words: [],
      redirections: [],
    };
    for (;;) {
      this.#skipBlank(false);
      const redirection = this.#parseRedirection();
      if (redirection !== null) {
        command.redirections.push(redirection);
        continue;
      }
      const assigned = command.words.length === 0 ? this.#cursor.takeMatch(ASSIGNMENT) : "";
      if (assigned !== "") {
        command.assignments.push({
          name: assigned.slice(0, -1),
          value: parseWord(this.#cursor, this.#nested),
        });
        continue;
      }
      const word = parseWord(this.#cursor, this.#nested);
      if (word.length === 0) break;
      command.words.push(word);
    }
    if (command.words.length + command.assignments.length + command.redirections.length === 0)
      throw this.#unexpected();
    return command;
  }

  #parseRedirection(): Redirection | null {
    this.#skipBlank(false);
    REDIRECTION.lastIndex = this.#cursor.position;
    const match = REDIRECTION.exec(this.#cursor.text);
    if (match === null) return null;
    this.#cursor.position += match[0].length;
    const operator = match[2]!.replace(">|", ">");
    const fd = match[1] === "" ? (operator.startsWith("<") ? 0 : 1) : Number(match[1]);
    const target = this.#parseOptionalWord();
    if (target.length === 0) throw this.#unexpected();
    if (operator !== "<<" && operator !== "<<-") {
      return { fd, operator: operator as Redirection["operator"], target };
    }
    const redirection: Redirection = { fd, operator: "<<", target: [] };
    this.#hereDocuments.push({
      redirection,
      delimiter: target.map((part) => (part.kind === "text" ? part.text : "")).join(""),
      stripTabs: operator === "<<-",
      quoted: target.some((part) => part.kind === "text" && part.quoted),
    });
    return redirection;
  }

  #parseOptionalWord(): Word {
    this.#skipBlank(false);
    return parseWord(this.#cursor, this.#nested);
  }

  /** Passes over blanks and comments, and over line breaks where they mean nothing. */
  #skipBlank(lineBreaksToo: boolean): void {
    for (;;) {
      const character = this.#cursor.peek();
      if (character === " " || character === "\t" || character === "\r") this.#cursor.next();
      else if (this.#cursor.startsWith("\\\n")) this.#cursor.position += 2;
      else if (character === "#") this.#cursor.takeMatch(/[^\n]*/y);
      else if (character === "\n" && lineBreaksToo) {
        this.#cursor.next();
        this.#readHereDocuments();
      } else return;
    }
  }

  #readHereDocuments(): void {
    for (const pending of this.#hereDocuments.splice(0)) {
      let text = "";
      for (;;) {
        if (this.#cursor.atEnd) throw new ShellSyntaxError("unterminated here-document", true);
        const raw = this.#cursor.takeMatch(/[^\n]*/y);
        this.#cursor.next();
        const line = pending.stripTabs ? raw.replace(/^\t+/, "") : raw;
        if (line === pending.delimiter) break;
        text += `${line}\n`;
      }
      pending.redirection.target = pending.quoted
        ? [{ kind: "text", text, quoted: true }]
        : parseQuotedText(new TextCursor(text), this.#nested, "");
    }
  }

  #peekReserved(): string {
    RESERVED_WORD.lastIndex = this.#cursor.position;
    const word = RESERVED_WORD.exec(this.#cursor.text)?.[1] ?? "";
    return RESERVED.has(word) ? word : "";
  }

  #takeReserved(word: string): boolean {
    this.#skipBlank(false);
    if (this.#peekReserved() !== word) return false;
    this.#cursor.position += word.length;
    return true;
  }

  #expectReserved(word: string): void {
    this.#skipBlank(true);
    if (!this.#takeReserved(word)) throw this.#unexpected(word);
  }

  #expect(text: string): void {
    this.#skipBlank(true);
    if (!this.#cursor.take(text)) throw this.#unexpected(text);
  }

  #unexpected(expected?: string): ShellSyntaxError {
    const hint = expected === undefined ? "" : ` (expecting "${expected}")`;
    if (this.#cursor.atEnd) return new ShellSyntaxError(`syntax error: unexpected end of file${hint}`, true);
    const found = this.#cursor.peek() === "\n" ? "newline" : this.#cursor.takeMatch(/\w+|[;&|]{2}|./y);
    return new ShellSyntaxError(`syntax error: unexpected "${found}"${hint}`);
  }
}
