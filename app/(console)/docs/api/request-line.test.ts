import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import type { ApiOperation } from "./model/read-document.ts";
import { addressOf, curlOf } from "./request-line.ts";

const parameter = (name: string, place: "path" | "query") => ({
  name,
  in: place,
  required: place === "path",
  type: "string",
  description: null,
  default: null,
  example: null,
  values: [],
});
const operation: ApiOperation = {
  id: "x",
  method: "get",
  path: "/api/v1/things/{no}",
  tag: "T",
  summary: "",
  description: null,
  deprecated: false,
  anonymous: false,
  body: null,
  answers: [],
  parameters: [parameter("no", "path"), parameter("filter", "query")],
};
const values = { no: "12", filter: `user = "O'Neil"` };

test("parameters stand where they belong, empty ones nowhere", () => {
  expect(addressOf(operation, values)).toBe("/api/v1/things/12?filter=user+%3D+%22O%27Neil%22");
  expect(addressOf(operation, { no: "", filter: "" })).toBe("/api/v1/things/{no}");
});

test("a shell reads the line as it is meant", () => {
  const body = { examples: [JSON.stringify({ name: "it's" })], fields: [] };
  const line = curlOf(
    { ...operation, method: "post", body },
    { origin: "http://h", values, accept: "text/csv" },
  );
  const words = execFileSync("sh", ["-c", `TOKEN=t; curl() { printf '%s\\n' "$@"; }; ${line}`], {
    encoding: "utf8",
  });
  expect(words.trim().split("\n")).toEqual([
    ...["-X", "POST", "-H", "Authorization: Bearer t", "-H", "Accept: text/csv"],
    ...["-H", "Content-Type: application/json", "-d", `{"name":"it's"}`],
    "http://h/api/v1/things/12?filter=user+%3D+%22O%27Neil%22",
  ]);
});
