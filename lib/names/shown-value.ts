import { UNSEEN } from "./schema.ts";

const MOST = 120;

/**
 * A refused value as an error repeats it: as JSON and shortened, without the credentials of an address, and with characters that are
 * not seen or that reorder the words around them written as escapes.
 */
export function showValue(value: unknown): string {
  const text = (JSON.stringify(value) ?? "nothing")
    .replace(/\/\/[^/@"]*@/g, "//…@")
    .replace(new RegExp(UNSEEN, "gu"), escapeCharacter);
  return text.length > MOST ? `${text.slice(0, MOST - 3)}...` : text;
}

const escapeCharacter = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
