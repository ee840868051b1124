import { expect, test } from "vitest";
import { EVENT_HISTORY_FIELDS, EVENT_SCOPES } from "../../../../lib/audit/event-history/schema.ts";
import { filterWithin, openedScope } from "./opened-scope.ts";

const [changes, kubernetes, reads, all] = EVENT_SCOPES;

test.each([
  { show: null, narrowed: false, opened: changes },
  { show: null, narrowed: true, opened: all },
  { show: "kubernetes", narrowed: false, opened: kubernetes },
  { show: "reads", narrowed: true, opened: reads },
  { show: "changes", narrowed: true, opened: changes },
  { show: "no-such-part", narrowed: false, opened: changes },
])("an address with show=$show, narrowed: $narrowed", ({ opened, ...address }) => {
  expect(openedScope(EVENT_SCOPES, address)).toBe(opened);
});

test("a surface without parts has none to open", () => {
  expect(openedScope(undefined, { show: "changes", narrowed: false })).toBeNull();
});

test("a filter holds within its part, whatever it is made of", () => {
  const within = (filter: string) => filterWithin(kubernetes!, filter, EVENT_HISTORY_FIELDS);
  expect(within("")).toBe('entityType IN ("KubernetesResource", "TerminalSession")');
  expect(within("action = Create OR action = Delete")).toBe(
    'entityType IN ("KubernetesResource", "TerminalSession") AND (action = "Create" OR action = "Delete")',
  );
  expect(within("entityType = ")).toBe("entityType = ");
  expect(filterWithin(all!, "action = Create", EVENT_HISTORY_FIELDS)).toBe("action = Create");
});
