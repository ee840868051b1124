// Where a value ends that a program printed into a sentence: JSON, Go's %#v (all texts quoted), %v and %+v (none quoted), a diff.

const CLOSER: Record<string, string> = { "{": "}", "[": "]" };
/** What may stand behind a value; anything else is a part of it, which its own text closed too early. */
const AFTER_VALUE = /[\s:,;.)\]}"'|\\]/;

/** The end of a quoted text (Go's or JSON's), from its opening quote on: behind the closing one, or the end of the message. */
export function endOfQuoted(message: string, start: number): number {
  const quote = message[start];
  for (let at = start + 1; at < message.length; at++) {
    if (message[at] === "\\" && quote === '"') at += 1;
    else if (message[at] === quote) return at + 1;
  }
  return message.length;
}

/** The same within a text that is quoted itself: from `\"` to the next one; `\\\"` is a quote of the inner text. */
function endOfEscapedQuoted(message: string, start: number): number {
  for (let at = start + 2; at < message.length; at++) {
    if (message[at] === '"') return at;
    if (message[at] !== "\\") continue;
    if (message[at + 1] === '"') return at + 2;
    // Backslashes come in pairs; what an odd one stands before belongs to the text.
    at += message[at + 1] === "\\" && message[at + 2] === "\\" ? 3 : 1;
  }
  return message.length;
}

/**
 * The end of the value whose bracket opens at `start`. A value in which texts are not quoted may hold a bracket or a quote of its
 * own: then it ends where no bracket is left that nothing opened, or with the message.
 */
export function endOfPrintedValue(message: string, start: number): number {
  return behindLastStray(message, start, endOfBalanced(message, start));
}

function endOfBalanced(message: string, start: number): number {
  const open: string[] = [];
  for (let at = start; at < message.length; at++) {
    const character = message[at]!;
    if (character === "\\") at = message[at + 1] === '"' ? endOfEscapedQuoted(message, at) - 1 : at + 1;
    else if (character === '"' || character === "`") at = endOfQuoted(message, at) - 1;
    else if (CLOSER[character] !== undefined) open.push(CLOSER[character]);
    else if (character === "}" || character === "]") {
      if (open.pop() !== character) return message.length;
      if (open.length === 0) return endOfWord(message, at + 1);
    }
  }
  return message.length;
}

/** Text that follows the closing bracket at once belongs to the value, up to where a reason may begin. */
function endOfWord(message: string, from: number): number {
  if (from >= message.length || AFTER_VALUE.test(message[from]!)) return from;
  const end = message.slice(from).search(/:\s/);
  return end === -1 ? message.length : from + end;
}

/** Behind the last bracket from `end` on that nothing opened; each bracket around the whole value may close once. */
function behindLastStray(message: string, start: number, end: number): number {
  const opener = message[start]!;
  const closer = CLOSER[opener]!;
  let depth = Math.max(0, count(message, opener, start) - count(message, closer, start));
  let stray = end;
  for (let at = end; at < message.length; at++) {
    if (message[at] === opener) depth += 1;
    else if (message[at] === closer) {
      depth -= 1;
      if (depth < 0) {
        depth = 0;
        stray = at + 1;
      }
    }
  }
  return stray;
}

function count(text: string, character: string, before: number): number {
  let times = 0;
  for (let at = text.indexOf(character); at !== -1 && at < before; at = text.indexOf(character, at + 1))
    times += 1;
  return times;
}
