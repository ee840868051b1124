import { expect, it } from "vitest";
import { currentZoneName, timeZoneNames } from "./time-zone-names.ts";

it("names zones as they are called today, each once, and knows what they were called", () => {
  const zones = timeZoneNames();
  const names = zones.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)].toSorted());
  expect(names).toEqual(expect.arrayContaining(["Asia/Kolkata", "Europe/Kyiv", "Europe/Berlin"]));
  expect(names).not.toContain("Asia/Calcutta");
  for (const { name, formerly } of zones) {
    for (const zone of [name, ...formerly]) {
      const at = (timeZone: string) =>
        new Intl.DateTimeFormat("en", { timeZone, dateStyle: "short", timeStyle: "long" }).format(0);
      expect(at(zone)).toBe(at(name));
    }
  }
});

it("knows what a zone is called that a browser names by its old name", () => {
  expect(currentZoneName("Asia/Katmandu")).toBe("Asia/Kathmandu");
  expect(currentZoneName("Europe/Berlin")).toBe("Europe/Berlin");
});
