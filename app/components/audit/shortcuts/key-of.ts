/** What of a key press says which key it was. */
export type KeyPress = Pick<KeyboardEvent, "key" | "code" | "shiftKey">;

/** Keys that stand where the US layout has these characters, for layouts whose letters are others. */
const PLACES: Record<string, string> = { Slash: "/", BracketLeft: "[" };
const SHIFTED: Record<string, string> = { Slash: "?" };

/**
 * The key as shortcuts name it: the character that the layout gives where that is a Latin one, else the one of the key's place (UI Events
 * KeyboardEvent.code): on a Cyrillic or Hangul layout `j` is the key that says `о` or `ㅓ`.
 */
export function keyOf({ key, code, shiftKey }: KeyPress): string {
  if (key.length !== 1 || /^[\x20-\x7e]$/.test(key)) return key;
  const letter = /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase();
  if (letter) return shiftKey ? letter.toUpperCase() : letter;
  return (shiftKey ? SHIFTED[code] : PLACES[code]) ?? key;
}

/** Whether a key writes a character: those alone can be turned off (WCAG 2.1.4). Arrows, Enter and Escape stay. */
export const isCharacterKey = (key: string): boolean => key.length === 1;
