import { escapeRegExp, readBracket } from "../language/pattern.ts";

/** A pattern that is no POSIX regular expression. */
export class PatternError extends Error {}

/**
 * A POSIX regular expression, basic or extended, as a JavaScript one. In a basic expression `\(`, `\)`, `\{`, `\}`, `\|`, `\+` and
 * `\?` are the operators and the bare characters stand for themselves (POSIX, section 9.3; GNU's additions).
 */
export function toRegExp(pattern: string, input: { extended: boolean; flags: string }): RegExp {
  let source = "";
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!;
    if (character === "[") {
      const bracket = readBracket(pattern, at);
      source += bracket.source;
      at = bracket.end;
    } else if (character === "\\") source += escaped(pattern[++at] ?? "", input.extended);
    else if (!input.extended && "+?|(){}".includes(character)) source += `\\${character}`;
    else if (
      character === "*" &&
      (source === "" || source === "^" || (!input.extended && source.endsWith("(")))
    )
      source += "\\*";
    else if (character === "^" && !input.extended && source !== "" && !source.endsWith("(")) source += "\\^";
    else if (character === "$" && !input.extended && at < pattern.length - 1 && pattern[at + 1] !== "\\")
      source += "\\$";
    else if (character === "{" && !/^\{\d*,?\d*\}/.test(pattern.slice(at))) source += "\\{";
    else source += character === "/" ? "\\/" : character;
  }
  try {
    return new RegExp(source, input.flags);
  } catch {
    throw new PatternError(`bad regex '${pattern}'`);
  }
}

const CLASS_ESCAPES = new Set(["w", "W", "s", "S", "b", "B", "d", "n", "t"]);

function escaped(character: string, extended: boolean): string {
  if (character === "") throw new PatternError("trailing backslash");
  if (!extended && "+?|(){}".includes(character)) return character;
  if (/[1-9]/.test(character)) return `\\${character}`;
  if (character === "<" || character === ">") return "\\b";
  return CLASS_ESCAPES.has(character) ? `\\${character}` : escapeRegExp(character);
}
