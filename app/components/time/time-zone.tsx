"use client";

import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useMemo,
  useState,
  useSyncExternalStore,
} from "react";
import { TIME_ZONE_COOKIE, writePreference } from "../preference-cookie.ts";
import { currentZoneName } from "./time-zone-names.ts";

interface TimeZoneChoice {
  /** The zone that times are shown in; null until the browser has said which it is in (server rendering). */
  timeZone: string | null;
  /** What the viewer chose; null follows the browser. */
  chosen: string | null;
  browserTimeZone: string | null;
  choose: (zone: string | null) => void;
}

const TimeZoneContext = createContext<TimeZoneChoice | null>(null);
const neverChanges = () => () => {};
const browserZone = () => currentZoneName(Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC");

export function TimeZoneProvider({ initial, children }: { initial: string | null; children: ReactNode }) {
  const [chosen, setChosen] = useState(initial);
  const browserTimeZone = useSyncExternalStore(neverChanges, browserZone, () => null);
  const choose = useCallback((zone: string | null) => {
    setChosen(zone);
    writePreference(TIME_ZONE_COOKIE, zone);
  }, []);
  const value = useMemo(
    () => ({ timeZone: chosen ?? browserTimeZone, chosen, browserTimeZone, choose }),
    [chosen, browserTimeZone, choose],
  );
  return <TimeZoneContext value={value}>{children}</TimeZoneContext>;
}

export function useTimeZoneChoice(): TimeZoneChoice {
  const value = useContext(TimeZoneContext);
  if (!value) throw new Error("useTimeZoneChoice needs a TimeZoneProvider above it");
  return value;
}
