import type { SandboxAccount } from "kubewitness-sandbox/oidc";

/** Groups of the demo's company that give a console role (oidc.administratorGroups, oidc.auditorGroups). */
export const ACME_ADMINISTRATOR_GROUP = "platform-admins";
export const ACME_AUDITOR_GROUP = "security-audit";
/** The group that the demo grants the role developer. */
export const ACME_DEVELOPER_GROUP = "payments-developers";

/** The demo's three people: an administrator, an auditor and a developer. */
export const ACME_PEOPLE: readonly SandboxAccount[] = [
  {
    id: "admin",
    name: "Lena Hoffmann",
    email: "lena@acme.example",
    title: "Platform engineer, administrator",
    groups: [ACME_ADMINISTRATOR_GROUP],
  },
  {
    id: "auditor",
    name: "Chidi Okonkwo",
    email: "chidi@acme.example",
    title: "Security analyst, auditor",
    groups: [ACME_AUDITOR_GROUP],
  },
  {
    id: "alice",
    name: "Alice Moreau",
    email: "alice@acme.example",
    title: "Payments developer",
    groups: [ACME_DEVELOPER_GROUP],
  },
];
