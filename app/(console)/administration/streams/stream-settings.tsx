"use client";

import type { DestinationField } from "../../../../lib/streams/destinations/destination/schema.ts";
import { findDestination } from "../../../../lib/streams/destinations/schema.ts";
import { FORMAT_TITLES } from "../../../../lib/streams/formats/schema.ts";
import type { StreamView } from "../../../../lib/streams/schema.ts";
import { StreamSurface, SURFACE_TITLES } from "../../../../lib/streams/surfaces/schema.ts";
import { Absent, Fact, Facts, Section } from "../../../components/audit/detail/facts.tsx";
import { formatBytes, formatNumber } from "../../../components/audit/format-count.ts";
import { Moment } from "../../../components/time/when.tsx";
import { countOf, kindTitle } from "./stream-words.ts";

/** What a stream is set to. Of its secrets only which there are. */
export function StreamSettings({ stream }: { stream: StreamView }) {
  const described = findDestination(stream.kind);
  const labelOf = (name: string) =>
    described?.secretFields.find((field) => field.name === name)?.label ?? name;
  return (
    <>
      <Section title="Destination">
        <Facts>
          <Fact name="Kind">{kindTitle(stream.kind)}</Fact>
          {(described?.settingsFields ?? []).map((field) => (
            <Fact key={field.name} name={field.label}>
              <SettingText field={field} value={stream.settings[field.name]} />
            </Fact>
          ))}
          <Fact name="Secrets kept">
            {stream.secretsSet.length === 0 ? (
              <Absent>None</Absent>
            ) : (
              `${stream.secretsSet.map(labelOf).join(", ")} (sealed)`
            )}
          </Fact>
          <Fact name="Format">{FORMAT_TITLES[stream.format]}</Fact>
        </Facts>
      </Section>
      {StreamSurface.options.map((surface) => (
        <SurfaceSection key={surface} surface={surface} stream={stream} />
      ))}
      <Section title="Pace">
        <Facts>
          <Fact name="At most">
            {stream.rateLimit === null ? (
              <Absent>No limit</Absent>
            ) : (
              `${formatNumber(stream.rateLimit)} records a second`
            )}
          </Fact>
          <Fact name="A batch">
            {countOf(stream.batch.records, "record")}, {formatBytes(stream.batch.bytes)} or{" "}
            {stream.batch.seconds} s
          </Fact>
          <Fact name="Added">
            <Moment time={stream.createdAt} absent="" />
          </Fact>
          <Fact name="Changed">
            <Moment time={stream.updatedAt} absent="" />
          </Fact>
        </Facts>
      </Section>
    </>
  );
}

function SettingText({ field: { input, choices }, value }: { field: DestinationField; value: unknown }) {
  if (input === "switch") return value === true ? "Yes" : "No";
  if (value === undefined || value === null || value === "") return <Absent>Not set</Absent>;
  if (input === "choice") return choices?.find((choice) => choice.value === value)?.label ?? String(value);
  if (input === "lines")
    return <pre className="mono max-h-24 overflow-auto whitespace-pre-wrap">{String(value)}</pre>;
  return <span className="mono wrap-anywhere">{String(value)}</span>;
}

function SurfaceSection({ surface, stream }: { surface: StreamSurface; stream: StreamView }) {
  const choice = stream.surfaces[surface];
  if (!choice) return null;
  return (
    <Section title={SURFACE_TITLES[surface]}>
      <Facts>
        <Fact name="Filter">
          {choice.filter === "" ? (
            <Absent>All of it</Absent>
          ) : (
            <span className="mono wrap-anywhere">{choice.filter}</span>
          )}
        </Fact>
        {choice.leaveOut.length === 0 ? null : (
          <Fact name="Left out">
            <span className="mono wrap-anywhere">{choice.leaveOut.join(", ")}</span>
          </Fact>
        )}
      </Facts>
    </Section>
  );
}
