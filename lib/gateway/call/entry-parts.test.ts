import { expect, test } from "vitest";
import { createTextRedactor } from "../../audit/redaction/redact-text.ts";
import type { Actor } from "../../context.ts";
import { entryActor, entryCluster, entryGroups } from "./entry-parts.ts";

// What is made once must be of what it is asked for.

const ALICE: Extract<Actor, { kind: "user" }> = {
  kind: "user",
  id: "u1",
  name: "Alice",
  email: "alice@example.com",
  consoleRole: "user",
  groups: [],
  groupIds: [],
};

test("somebody whose name changed is told by the new one", () => {
  expect(entryActor(ALICE)).toBe(entryActor(ALICE));
  expect(entryActor({ ...ALICE, name: "Alice Other" })).toMatchObject({ id: "u1", name: "Alice Other" });
  expect(entryActor({ kind: "anonymous", claimed: "who" })).toMatchObject({ kind: "anonymous", name: "who" });
  expect(entryActor({ kind: "anonymous" })).toMatchObject({ kind: "anonymous", name: "" });
});

test("a cluster that moved is told by its new address", () => {
  const cluster = { id: "c1", name: "prod", endpoint: "https://a.example" };
  expect(entryCluster(cluster)).toBe(entryCluster(cluster));
  expect(entryCluster({ ...cluster, endpoint: "https://b.example" }).endpoint).toBe("https://b.example");
});

test("groups are redacted, and kept only where nobody can change them", () => {
  const redactor = createTextRedactor();
  const frozen = Object.freeze(["developers", "token=hunter22"]);
  expect(entryGroups(frozen, redactor)).toEqual(["developers", "token=[redacted 8 bytes]"]);
  expect(entryGroups(frozen, redactor)).toBe(entryGroups(frozen, redactor));
  const groups = ["developers"];
  entryGroups(groups, redactor);
  groups.push("admins");
  expect(entryGroups(groups, redactor)).toEqual(["developers", "admins"]);
});
