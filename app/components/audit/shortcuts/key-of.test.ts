import { expect, test } from "vitest";
import { isCharacterKey, keyOf } from "./key-of.ts";

test.each([
  { layout: "US", key: "j", code: "KeyJ", shiftKey: false, is: "j" },
  { layout: "Dvorak", key: "j", code: "KeyC", shiftKey: false, is: "j" },
  { layout: "French", key: "?", code: "KeyM", shiftKey: true, is: "?" },
  { layout: "Russian", key: "о", code: "KeyJ", shiftKey: false, is: "j" },
  { layout: "Korean", key: "ㅓ", code: "KeyJ", shiftKey: false, is: "j" },
  { layout: "Russian", key: "х", code: "BracketLeft", shiftKey: false, is: "[" },
  { layout: "Greek", key: "΄", code: "Slash", shiftKey: true, is: "?" },
  { layout: "any", key: "Enter", code: "Enter", shiftKey: false, is: "Enter" },
  { layout: "German", key: "ö", code: "Semicolon", shiftKey: false, is: "ö" },
])("on a layout that is $layout, $code is $is", ({ is, ...press }) => expect(keyOf(press)).toBe(is));

test("arrows, Enter and Escape are no characters", () => {
  expect(["j", "/", "?"].every(isCharacterKey)).toBe(true);
  expect(["ArrowDown", "Enter", "Escape", "PageDown"].some(isCharacterKey)).toBe(false);
});
