import { expect, test } from "vitest";
import { RECORDING_FIELDS } from "../../../../lib/audit/recordings/schema.ts";
import { REQUEST_AUDIT_FIELDS } from "../../../../lib/audit/request-audit/schema.ts";
import { filterOfSearch } from "./filter-of-search.ts";

const surface = {
  fields: REQUEST_AUDIT_FIELDS,
  search: { placeholder: "", lookedIn: "", elsewhere: ["resourceName", "message"] },
};

test("a text that is searched for is looked for in other fields, beside what is filtered already", () => {
  const found = filterOfSearch(surface, { search: ' postgres-"0 ', filter: 'verb = "get" OR verb = "list"' });
  expect(found?.filter).toBe(
    String.raw`(verb = "get" OR verb = "list") AND (resourceName:"postgres-\"0" OR message:"postgres-\"0")`,
  );
  expect(found?.where).toBe("Resource Name or Message");
  expect(found?.added("")).toBe(String.raw`resourceName:"postgres-\"0" OR message:"postgres-\"0"`);
});

test("without a search there is nothing to look for", () => {
  expect(filterOfSearch(surface, { search: " ", filter: "" })).toBeNull();
});

test("a text that is too short for a field is not looked for there", () => {
  const recordings = {
    fields: RECORDING_FIELDS,
    search: { ...surface.search, elsewhere: ["pod", "command", "output"] },
  };
  const where = (search: string) => filterOfSearch(recordings, { search, filter: "" })?.where;
  expect(where("rm")).toBe("Pod or Typed command");
  expect(where("key")).toBe("Pod, Typed command or Shown text");
});
