import { TIME_ZONE_CITIES } from "./time-zone-cities.ts";

/**
 * Names that browsers still list by (CLDR keeps the oldest) and the ones that the IANA time zone database has now (its file `backward`).
 * Both mean the same zone everywhere.
 */
const RENAMED: Record<string, string> = {
  "Africa/Asmera": "Africa/Asmara",
  "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
  "America/Catamarca": "America/Argentina/Catamarca",
  "America/Cordoba": "America/Argentina/Cordoba",
  "America/Godthab": "America/Nuuk",
  "America/Indianapolis": "America/Indiana/Indianapolis",
  "America/Jujuy": "America/Argentina/Jujuy",
  "America/Louisville": "America/Kentucky/Louisville",
  "America/Mendoza": "America/Argentina/Mendoza",
  "Asia/Calcutta": "Asia/Kolkata",
  "Asia/Katmandu": "Asia/Kathmandu",
  "Asia/Rangoon": "Asia/Yangon",
  "Asia/Saigon": "Asia/Ho_Chi_Minh",
  "Atlantic/Faeroe": "Atlantic/Faroe",
  "Europe/Kiev": "Europe/Kyiv",
  "Pacific/Enderbury": "Pacific/Kanton",
  "Pacific/Ponape": "Pacific/Pohnpei",
  "Pacific/Truk": "Pacific/Chuuk",
};

export interface TimeZoneName {
  name: string;
  /** What else it is found by: its former name, its city with spaces, other cities with its clocks. */
  keywords: string[];
}

/** What a zone is called today. */
export const currentZoneName = (zone: string): string => RENAMED[zone] ?? zone;

const spaced = (name: string) => name.replaceAll(/[_/]/g, " ");

/** The zones that this browser knows, by their names of today, in alphabetical order. */
export function timeZoneNames(): TimeZoneName[] {
  const zones = Intl.supportedValuesOf("timeZone").map((zone) => {
    const name = currentZoneName(zone);
    const formerly = name === zone ? [] : [zone];
    return { name, keywords: [...formerly, spaced(name), ...(TIME_ZONE_CITIES[name] ?? [])] };
  });
  return zones.sort((a, b) => (a.name < b.name ? -1 : 1));
}
