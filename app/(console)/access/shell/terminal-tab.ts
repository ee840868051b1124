import { z } from "zod";

/** A tab of the page. `terminalId`: null until the gateway has opened it. */
const TerminalTab = z.object({
  key: z.string(),
  clusterId: z.string(),
  clusterName: z.string(),
  terminalId: z.string().nullable(),
  /** Its terminal is no more: it stays in sight until the page is left. */
  isOver: z.boolean().optional(),
});
export type TerminalTab = z.infer<typeof TerminalTab>;

const Tabs = z.object({ tabs: z.array(TerminalTab), active: z.string().nullable() });
export type Tabs = z.infer<typeof Tabs>;

/** As many as the gateway gives one person. */
export const MOST_TABS = 8;

/** Of this browser tab alone: a page that is loaded again connects to the same terminals. */
const STORED_AS = "kubewitness-web-shell";
export const NO_TABS: Tabs = { tabs: [], active: null };

export function readTabs(): Tabs {
  try {
    const parsed = Tabs.safeParse(JSON.parse(sessionStorage.getItem(STORED_AS) ?? "null"));
    return parsed.success ? parsed.data : NO_TABS;
  } catch {
    return NO_TABS;
  }
}

/** Keeps those whose terminals can be connected to again. */
export function storeTabs({ tabs, active }: Tabs): void {
  const kept = tabs.filter(({ isOver }) => !isOver);
  const chosen = kept.find(({ key }) => key === active) ?? kept.at(-1);
  try {
    sessionStorage.setItem(STORED_AS, JSON.stringify({ tabs: kept, active: chosen?.key ?? null }));
  } catch {
    // A browser that stores nothing forgets its tabs when the page is loaded again.
  }
}

export const newTab = ({ id, name }: { id: string; name: string }): TerminalTab => ({
  key: crypto.getRandomValues(new Uint32Array(2)).join("-"),
  clusterId: id,
  clusterName: name,
  terminalId: null,
});

/** `prod`, `prod 2`: tabs of one cluster are numbered. */
export function tabNames(tabs: readonly TerminalTab[]): string[] {
  const seen = new Map<string, number>();
  return tabs.map(({ clusterName }) => {
    const number = (seen.get(clusterName) ?? 0) + 1;
    seen.set(clusterName, number);
    return number === 1 ? clusterName : `${clusterName} ${number}`;
  });
}
