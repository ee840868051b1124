import { AppError } from "../../../errors.ts";

/** @throws AppError `invalid_argument` for a password that is guessed first: with one's own name or address in it. */
export function refuseOwnName(password: string, names: readonly string[]): void {
  const parts = names.flatMap((name) => [name, ...name.split(/[@.\s]+/)]).map((part) => part.toLowerCase());
  const lower = password.toLowerCase();
  const found = parts.filter((part) => part.length >= 4 && lower.includes(part));
  // What is left without it has to be long enough by itself.
  const rest = found
    .toSorted((a, b) => b.length - a.length)
    .reduce((text, part) => text.replaceAll(part, ""), lower);
  if (found.length === 0 || rest.length >= 12) return;
  throw new AppError(
    "invalid_argument",
    "password: holds your name or address, which is tried first; takes another",
    {
      details: [{ field: "password", got: "a value (not shown)", takes: "one without your name or address" }],
    },
  );
}
