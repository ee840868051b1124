import type { BatchRecord } from "../destination/destination.ts";

/** What Splunk keeps beside each event. */
export interface EventPlace {
  index: string;
  source: string;
  sourcetype: string;
}

/**
 * Events joined without a separator: what the collector takes as a batch.
 * https://docs.splunk.com/Documentation/Splunk/latest/Data/FormateventsforHTTPEventCollector
 */
export function writeEvents(
  records: readonly BatchRecord[],
  { index, source, sourcetype }: EventPlace,
): string {
  const place = `"source":${JSON.stringify(source)},"sourcetype":${JSON.stringify(sourcetype)}${
    index === "" ? "" : `,"index":${JSON.stringify(index)}`
  }`;
  return records.map(({ record, text }) => writeEvent(record, place, text)).join("");
}

/** `fields` are indexed: a search finds an event, and a repeat of it, by its id. */
function writeEvent(
  { at, installation, id, surface }: BatchRecord["record"],
  place: string,
  text: string,
): string {
  const host = JSON.stringify(hostOf(installation));
  const fields = JSON.stringify({ kubewitness_id: id, kubewitness_surface: surface });
  return `{"time":${(at / 1_000).toFixed(3)},"host":${host},${place},"fields":${fields},"event":${text}}`;
}

/** The console's name, by which Splunk's people know the installation. */
function hostOf(installation: string): string {
  return URL.canParse(installation) ? new URL(installation).host : installation;
}
