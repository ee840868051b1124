import { expect, it } from "vitest";
import { TIME_ZONE_CITIES } from "./time-zone-cities.ts";
import { currentZoneName, timeZoneNames } from "./time-zone-names.ts";

it("names zones as they are called today, each once, and knows what they were called", () => {
  const zones = timeZoneNames();
  const names = zones.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)].toSorted());
  expect(names).toEqual(expect.arrayContaining(["Asia/Kolkata", "Europe/Kyiv", "Europe/Berlin"]));
  expect(names).not.toContain("Asia/Calcutta");
  for (const { name, keywords } of zones) {
    const formerly = keywords.filter((word) => word.includes("/"));
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

it("finds a zone by a city that it is not named after, and by its own with spaces", () => {
  const zoneOf = (city: string) => timeZoneNames().find(({ keywords }) => keywords.includes(city))?.name;
  expect(zoneOf("Munich")).toBe("Europe/Berlin");
  expect(zoneOf("San Francisco")).toBe("America/Los_Angeles");
  expect(zoneOf("Busan")).toBe("Asia/Seoul");
  expect(zoneOf("America New York")).toBe("America/New_York");
});

it("has cities only for zones that there are, and each once", () => {
  const names = new Set(timeZoneNames().map(({ name }) => name));
  expect(Object.keys(TIME_ZONE_CITIES).filter((zone) => !names.has(zone))).toEqual([]);
  const cities = Object.values(TIME_ZONE_CITIES).flat();
  expect(cities.length).toBe(new Set(cities).size);
});
