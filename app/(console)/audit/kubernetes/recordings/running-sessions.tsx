/** The strip of sessions that are under way, above the list. */
export function RunningSessions() {
  return null;
}
