import { RequestError } from "../request-error.ts";

/** What the API said is wrong with a form: by field, and what belongs to none. */
export interface FieldErrors {
  /** What is wrong with a field or with what is in it (`credential` has what `credential.token` has). */
  of: (field: string) => string | undefined;
  /** What no field of the form shows. */
  general: string | null;
  /** The session has ended: what was entered can be sent again after signing in. */
  isSessionOver: boolean;
}

/** A form's own words for what is refused: for an empty field, and for a value. What is left out is said as the API says it. */
export type FieldWords = Readonly<Record<string, { empty?: string; refused?: string }>>;

export const NO_ERRORS: FieldErrors = { of: () => undefined, general: null, isSessionOver: false };

/** Sorts an error by the fields that a form has. */
export function readFieldErrors(
  error: unknown,
  fields: readonly string[],
  words: FieldWords = {},
): FieldErrors {
  if (!error) return NO_ERRORS;
  if (!(error instanceof RequestError)) {
    return { ...NO_ERRORS, general: "The answer could not be read. Load the page again." };
  }
  if (error.status === 401) return { ...NO_ERRORS, isSessionOver: true };
  const messages = new Map<string, string>();
  let general: string | null = error.details.length === 0 ? error.message : null;
  for (const { field, got, takes } of error.details) {
    // The most exact field that the form has: `credential.token` before `credential`.
    const own = fields
      .filter((name) => field === name || field.startsWith(`${name}.`))
      .sort((a, b) => b.length - a.length)[0];
    if (own === undefined) general = error.message;
    else if (!messages.has(own))
      messages.set(own, ownWording(words[own], got) ?? wording(got, takes) ?? error.message);
  }
  return { ...NO_ERRORS, of: (field) => messages.get(field), general };
}

const isEmpty = (got: string | undefined) => got === undefined || ["", "nothing", '""'].includes(got);

function ownWording(words: FieldWords[string] | undefined, got: string | undefined): string | undefined {
  return isEmpty(got) ? words?.empty : words?.refused;
}

function wording(got: string | undefined, takes: string | undefined): string | null {
  if (!takes) return null;
  return isEmpty(got) ? `Takes ${takes}.` : `Got ${got}; takes ${takes}.`;
}
