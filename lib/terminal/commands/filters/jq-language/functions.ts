/** What can be called, and whether it takes an argument. */
export const FUNCTIONS: ReadonlyMap<string, boolean> = new Map([
  ...(
    [
      "select",
      "map",
      "has",
      "sort_by",
      "group_by",
      "join",
      "test",
      "contains",
      "startswith",
      "endswith",
    ] as const
  ).map((name) => [name, true] as const),
  ...(
    ["length", "keys", "values", "not", "unique", "add", "first", "last", "type", "reverse", "sort"] as const
  ).map((name) => [name, false] as const),
  ...(["tostring", "tonumber", "to_entries", "empty", "ascii_downcase"] as const).map(
    (name) => [name, false] as const,
  ),
]);
