/** What an application without scopes may. */
export const EVERYTHING = "All that its console role permits, and its grants";
