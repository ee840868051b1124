import { expect, test } from "vitest";
import { redactJsonPatch } from "./redact-json-patch.ts";

const SECRET = "hunter2hunter2";
const MARK = "[redacted 14 bytes]";

const patchOf = (path: string, value: unknown, op = "replace") =>
  redactJsonPatch([{ op, path, value }], { secret: false });
const CONTAINER = "/spec/template/spec/containers/0";

test.each([
  `${CONTAINER}/env/0/value`,
  `${CONTAINER}/env/12/value`,
  "/spec/initContainers/0/env/0/value",
  `${CONTAINER}/livenessProbe/httpGet/httpHeaders/0/value`,
])("a patch of %s does not say whose value it is: none is kept", (path) => {
  for (const op of ["add", "replace", "test"])
    expect(patchOf(path, SECRET, op)).toEqual([{ op, path, value: MARK }]);
  expect(patchOf(path, { deep: [SECRET] })).not.toContain(SECRET);
  expect(patchOf(path, null)).toEqual([{ op: "replace", path, value: null }]);
});

test("a patch that adds variables or headers is redacted by their names", () => {
  const open = { name: "COLOR", value: "blue" };
  for (const list of [`${CONTAINER}/env`, `${CONTAINER}/livenessProbe/httpGet/httpHeaders`]) {
    for (const name of ["MYSQL_PWD", "DB_PASS", "Authorization"]) {
      const secret = { name, value: SECRET };
      expect(patchOf(`${list}/-`, secret)).toMatchObject([{ value: { name, value: MARK } }]);
      expect(patchOf(`${list}/0`, secret)).toMatchObject([{ value: { name, value: MARK } }]);
      expect(patchOf(list, [secret, open])).toMatchObject([{ value: [{ name, value: MARK }, open] }]);
    }
    expect(patchOf(`${list}/-`, open)).toMatchObject([{ value: open }]);
  }
});

test.each([
  "/spec/replicas/value",
  "/spec/value",
  "/value",
  `${CONTAINER}/env/0/name`,
  "/metadata/labels/env",
])("a patch of %s keeps its value", (path) => {
  expect(patchOf(path, "blue")).toMatchObject([{ value: "blue" }]);
});

test("a token is no path's part either", () => {
  const path = `/data/kw_${"a".repeat(51)}`;
  expect(patchOf(path, "x")).toMatchObject([{ path: "/data/[redacted 54 bytes]", value: "x" }]);
});
