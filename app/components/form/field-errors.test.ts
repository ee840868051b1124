import { expect, test } from "vitest";
import { RequestError } from "../request-error.ts";
import { readFieldErrors } from "./field-errors.ts";

const refused = (details: RequestError["details"], message = "wrong") =>
  new RequestError({ status: 400, code: "invalid_argument", message, details });

test("an error stands at the most exact field that the form has", () => {
  const errors = readFieldErrors(
    refused([
      { field: "credential.token", got: "nothing", takes: "a bearer token" },
      { field: "namespaces.1", got: '"A"', takes: "the name of a namespace" },
    ]),
    ["credential", "credential.token", "namespaces"],
  );
  expect(errors.of("credential.token")).toBe("Takes a bearer token.");
  expect(errors.of("credential")).toBeUndefined();
  expect(errors.of("namespaces")).toBe('Got "A"; takes the name of a namespace.');
  expect(errors.general).toBeNull();
});

test("what no field shows is said for the whole form", () => {
  expect(readFieldErrors(refused([{ field: "other" }], "other is wrong"), ["name"]).general).toBe(
    "other is wrong",
  );
  expect(readFieldErrors(refused([], "The name is taken"), ["name"]).general).toBe("The name is taken");
});

test("a form's own words take the place of the API's, for an empty field and for a refused one", () => {
  const words = {
    role: { empty: "Choose a role." },
    until: { empty: "Choose a day.", refused: "Too early." },
  };
  const errorsOf = (field: string, got: string) =>
    readFieldErrors(refused([{ field, got, takes: "x" }]), ["role", "until"], words).of(field);
  expect(errorsOf("role", '""')).toBe("Choose a role.");
  expect(errorsOf("role", '"gone"')).toBe('Got "gone"; takes x.');
  expect(errorsOf("until", "nothing")).toBe("Choose a day.");
  expect(errorsOf("until", "2020-01-01T00:00:00Z")).toBe("Too early.");
});

test("a session that ended is no error of a field", () => {
  const over = new RequestError({ status: 401, code: "unauthenticated", message: "Sign in." });
  expect(readFieldErrors(over, ["name"])).toMatchObject({ general: null, isSessionOver: true });
});
