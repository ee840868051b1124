const SHOWN_CHARACTERS = 80;

/** What a setting got, as a message about it shows it: never a secret. */
export function showValue({ secret }: { secret?: boolean }, got: unknown): string {
  if (secret) return "a value that is not shown";
  const shown = JSON.stringify(got) ?? "nothing";
  return shown.length > SHOWN_CHARACTERS ? `${shown.slice(0, SHOWN_CHARACTERS)}…` : shown;
}
