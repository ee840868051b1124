/** Whether a shell pattern has anything to match with. Backslash makes the next character ordinary. */
export function hasPatternCharacters(pattern: string): boolean {
  for (let at = 0; at < pattern.length; at++) {
    if (pattern[at] === "\\") at++;
    else if ("*?[".includes(pattern[at]!)) return true;
  }
  return false;
}

/** A shell pattern (POSIX, section 2.13) as the source of a regular expression, without anchors. */
export function patternSource(pattern: string, input: { lazy?: boolean } = {}): string {
  let source = "";
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!;
    if (character === "\\" && at + 1 < pattern.length) source += escapeRegExp(pattern[++at]!);
    else if (character === "*") source += input.lazy === true ? "[^]*?" : "[^]*";
    else if (character === "?") source += "[^]";
    else if (character === "[") {
      const bracket = readBracket(pattern, at);
      source += bracket.source;
      at = bracket.end;
    } else source += escapeRegExp(character);
  }
  return source;
}

export function patternToRegExp(pattern: string): RegExp {
  return new RegExp(`^${patternSource(pattern)}$`, "u");
}

export function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

const CLASSES: Record<string, string> = {
  alpha: "A-Za-z",
  digit: "0-9",
  alnum: "A-Za-z0-9",
  upper: "A-Z",
  lower: "a-z",
  space: "\\s",
  blank: " \\t",
  punct: "!-\\/:-@\\[-`{-~",
  xdigit: "0-9A-Fa-f",
  print: "\\x20-\\x7e",
  graph: "\\x21-\\x7e",
  cntrl: "\\x00-\\x1f\\x7f",
};

/** A bracket expression that begins at `start`; also those of regular expressions. `end` is its last character. */
export function readBracket(pattern: string, start: number): { source: string; end: number } {
  let at = start + 1;
  const negated = pattern[at] === "!" || pattern[at] === "^";
  if (negated) at++;
  let inside = "";
  for (let first = true; at < pattern.length && (first || pattern[at] !== "]"); first = false) {
    const named = /^\[:([a-z]+):\]/.exec(pattern.slice(at, at + 12));
    if (named !== null) {
      inside += CLASSES[named[1]!] ?? "";
      at += named[0].length;
    } else {
      inside += pattern[at] === "-" ? "-" : pattern[at]!.replace(/[\\\]^[]/, "\\$&");
      at++;
    }
  }
  if (at >= pattern.length) return { source: "\\[", end: start };
  if (inside.startsWith("-")) inside = `\\-${inside.slice(1)}`;
  if (inside.endsWith("-")) inside = `${inside.slice(0, -1)}\\-`;
  return { source: `[${negated ? "^" : ""}${inside}]`, end: at };
}
