import { expect, test } from "vitest";
import { draftOf, type MemberField, memberOf } from "./member-draft.ts";

const FIELDS: readonly MemberField[] = [
  { name: "clusters", holds: "names", label: "", placeholder: "" },
  { name: "clusterLabels", holds: "labels", label: "", placeholder: "" },
];

test("a member is the same after it was shown and read", () => {
  const member = { clusters: ["prod-*", "staging"], clusterLabels: { env: "prod", "example.com/a": "" } };
  const draft = draftOf(member, FIELDS);
  expect(draft).toEqual({ clusters: "prod-*, staging", clusterLabels: "env=prod, example.com/a=" });
  expect(memberOf(draft, FIELDS)).toEqual(member);
});

test("a label without its value is no label with an empty one", () => {
  expect(memberOf({ clusters: " a  b,c ", clusterLabels: "env" }, FIELDS)).toEqual({
    clusters: ["a", "b", "c"],
    clusterLabels: { env: null },
  });
});
