/** Where one is, on the page of one role. */
export const ROLES_CRUMBS = ["Access", { label: "Roles", href: "/access/roles" }];
