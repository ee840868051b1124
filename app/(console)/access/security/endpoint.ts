import type { SecurityView } from "../../../../lib/identity/second-factor/schema.ts";

export const ENDPOINT = "/api/v1/me/security";

/** What a section shows, and whom it tells of a change; `recoveryCodes` are to be shown, once. */
export interface SectionProps {
  own: SecurityView;
  onChanged: (recoveryCodes?: string[]) => void;
}
