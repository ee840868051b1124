import { z } from "zod";
import { findDestination } from "../../../../../lib/streams/destinations/schema.ts";
import type { StreamFormat } from "../../../../../lib/streams/formats/schema.ts";
import type { StreamView } from "../../../../../lib/streams/schema.ts";
import { StreamSurface } from "../../../../../lib/streams/surfaces/schema.ts";
import { fromWallTime, toWallTime, type WallTime } from "../../../../components/audit/range/wall-time.ts";

export type FieldValue = string | boolean;

export interface SurfaceDraft {
  sent: boolean;
  filter: string;
  leaveOut: readonly string[];
}

/** What the form has, as it is written there. */
export interface StreamDraft {
  name: string;
  kind: string;
  settings: Readonly<Record<string, FieldValue>>;
  secrets: Readonly<Record<string, string>>;
  /** Names of secrets that are kept now and are not to be kept any more. */
  dropped: readonly string[];
  format: StreamFormat;
  surfaces: Readonly<Record<StreamSurface, SurfaceDraft>>;
  rateLimit: string;
  batch: { records: string; bytes: string; seconds: string };
  start: { from: "now" | "number" | "time"; numbers: Readonly<Record<StreamSurface, string>>; at: WallTime };
}

/** A form that is empty, or as a stream is now. */
export function draftOf(stream: StreamView | null, kind: string, timeZone: string): StreamDraft {
  const bySurface = <T>(of: (surface: StreamSurface) => T) =>
    Object.fromEntries(StreamSurface.options.map((surface) => [surface, of(surface)])) as Record<
      StreamSurface,
      T
    >;
  return {
    name: stream?.name ?? "",
    kind,
    ...fieldsOfKind(kind, stream?.settings ?? null),
    dropped: [],
    format: stream?.format ?? "native",
    surfaces: bySurface((surface) => ({
      sent: stream === null ? surface !== "recordings" : stream.surfaces[surface] !== undefined,
      filter: stream?.surfaces[surface]?.filter ?? "",
      leaveOut: stream?.surfaces[surface]?.leaveOut ?? [],
    })),
    rateLimit: stream?.rateLimit?.toString() ?? "",
    batch: {
      records: stream?.batch.records.toString() ?? "",
      bytes: stream?.batch.bytes.toString() ?? "",
      seconds: stream?.batch.seconds.toString() ?? "",
    },
    start: { from: "now", numbers: bySurface(() => ""), at: toWallTime(Date.now(), timeZone) },
  };
}

/** The fields of a kind, as they are set or as its schema has them by itself. */
export function fieldsOfKind(kind: string, settings: Readonly<Record<string, unknown>> | null) {
  const described = findDestination(kind);
  const shape = described?.settings instanceof z.ZodObject ? described.settings.shape : {};
  const entries = (described?.settingsFields ?? []).map(({ name, input }): [string, FieldValue] => {
    const value = settings?.[name] ?? (shape[name] as z.ZodType | undefined)?.safeParse(undefined).data;
    if (input === "switch") return [name, value === true];
    return [name, value === undefined || value === null ? "" : String(value)];
  });
  return { settings: Object.fromEntries(entries), secrets: {} as Record<string, string> };
}

/** A number where it is one; what is none is sent as it is, so that the API says what it takes. */
const numeric = (text: string): number | string | undefined => {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  const value = Number(trimmed.replaceAll(",", ""));
  return Number.isNaN(value) ? trimmed : value;
};

function settingsBody({ kind, settings }: StreamDraft): Record<string, unknown> {
  const fields = findDestination(kind)?.settingsFields ?? [];
  return Object.fromEntries(
    fields.map(({ name, input }) => {
      const value = settings[name];
      return [name, input === "number" ? numeric(String(value ?? "")) : value];
    }),
  );
}

const givenSecrets = ({ secrets }: StreamDraft): Record<string, string> =>
  Object.fromEntries(Object.entries(secrets).filter(([, value]) => value.trim() !== ""));

function common(draft: StreamDraft) {
  const surfaces = StreamSurface.options
    .filter((surface) => draft.surfaces[surface].sent)
    .map((surface) => {
      const { filter, leaveOut } = draft.surfaces[surface];
      return [surface, { filter, leaveOut }];
    });
  const { records, bytes, seconds } = draft.batch;
  return {
    name: draft.name,
    settings: settingsBody(draft),
    format: draft.format,
    surfaces: Object.fromEntries(surfaces),
    rateLimit: numeric(draft.rateLimit) ?? null,
    batch: { records: numeric(records), bytes: numeric(bytes), seconds: numeric(seconds) },
  };
}

export function createBody(draft: StreamDraft, timeZone: string) {
  return {
    ...common(draft),
    kind: draft.kind,
    secrets: givenSecrets(draft),
    start: startBody(draft, timeZone),
  };
}

export function updateBody(draft: StreamDraft) {
  const dropped = Object.fromEntries(draft.dropped.map((name) => [name, null]));
  return { ...common(draft), secrets: { ...dropped, ...givenSecrets(draft) } };
}

export function tryBody(draft: StreamDraft, id: string | undefined) {
  const { kind, format } = draft;
  return { id, kind, settings: settingsBody(draft), secrets: givenSecrets(draft), format };
}

function startBody({ start, surfaces }: StreamDraft, timeZone: string): object {
  if (start.from === "now") return { from: "now" };
  if (start.from === "number") {
    const numbers = StreamSurface.options
      .filter((surface) => surfaces[surface].sent)
      .map((surface) => [surface, numeric(start.numbers[surface])]);
    return { from: "number", ...Object.fromEntries(numbers) };
  }
  const time = fromWallTime(start.at, timeZone);
  return {
    from: "time",
    time: time === null ? `${start.at.day} ${start.at.clock}` : new Date(time).toISOString(),
  };
}
