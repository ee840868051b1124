import type { Suggestion } from "../../../components/form/suggest-field.tsx";

/** Each text once: what several identity providers have is one suggestion, and the field beside it says whose is meant. */
export function suggestOnce(suggestions: readonly Suggestion[]): Suggestion[] {
  const once = new Map<string, Suggestion>();
  for (const each of suggestions) {
    const { value } = each;
    once.set(value, once.has(value) ? { value, note: "of several identity providers" } : each);
  }
  return [...once.values()];
}
