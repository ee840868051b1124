import { UNSEEN } from "../../../names/schema.ts";

const MOST_NAME_CHARACTERS = 200;

/** Many providers let people choose their display name: what `nameText` refuses is left out of it, so that they can sign in all the same. */
export function shownName(name: string | undefined): string | undefined {
  return name?.replace(new RegExp(UNSEEN, "gu"), "").trim().slice(0, MOST_NAME_CHARACTERS).toWellFormed();
}
