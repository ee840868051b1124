/** What is said of something that is not there: the same words in lists, drawers, tooltips and on the phone. */
export const ABSENT = {
  person: "Nobody signed in",
  role: "No role allowed this call",
  groups: "None impersonated",
  resource: "An address that was refused",
  namespace: "Cluster scope",
  duration: "Not over yet",
  client: "None was sent",
} as const;
