import { expect, test } from "vitest";
import { isCurrent, landingPage, navigationFor } from "./navigation-items.ts";

const labels = (...permissions: Parameters<typeof navigationFor>[0]) =>
  navigationFor(permissions).flatMap((group) => group.items.map((item) => item.label));

test("without permissions a person sees their own calls, events, sessions and access", () => {
  expect(labels()).toEqual([
    "Request Audit",
    "Event History",
    "Pod sessions",
    "My access",
    "My security",
    "My sessions and tokens",
  ]);
});

test("a permission shows its pages and no others", () => {
  expect(labels("audit:read")).toEqual([
    "Overview",
    "Request Audit",
    "Event History",
    "Pod sessions",
    "My access",
    "My security",
    "My sessions and tokens",
  ]);
  expect(labels("clusters:read")).toEqual([
    "Request Audit",
    "Event History",
    "Pod sessions",
    "My access",
    "My security",
    "My sessions and tokens",
    "Clusters",
  ]);
});

test("one lands on the first page that one may see", () => {
  expect(landingPage(["audit:read"])).toBe("/audit/overview");
  expect(landingPage([])).toBe("/audit/kubernetes/request-audit");
});

test("a detail's path belongs to its list, a longer name does not", () => {
  const item = navigationFor([])[0]?.items[0];
  expect(item && isCurrent(item, "/audit/kubernetes/request-audit/12")).toBe(true);
  expect(item && isCurrent(item, "/audit/kubernetes/request-audits")).toBe(false);
});
