import type { BatchRecord } from "../destinations/destination/destination.ts";
import { FORMATS } from "../formats/registry.ts";
import type { StreamFormat } from "../formats/schema.ts";
import type { SurfaceChoices } from "../stored/schema.ts";
import type { StreamSurface } from "../surfaces/schema.ts";
import type { StreamRecord } from "../surfaces/stream-record.ts";

/** A record before it is written. */
export interface UnwrittenRecord {
  no: number;
  /** Milliseconds since 1970. */
  at: number;
  entry: object;
  test?: boolean;
}

export type RecordWriter = (surface: StreamSurface, record: UnwrittenRecord) => BatchRecord;

interface WriterOptions {
  format: StreamFormat;
  surfaces: SurfaceChoices;
  /** The console's address. */
  installation: string;
  installationId: string;
}

/** Makes what writes records in a stream's format, without the fields that it leaves out. */
export function createWriter({
  format,
  surfaces,
  installation,
  installationId,
}: WriterOptions): RecordWriter {
  const { encode } = FORMATS[format];
  return (surface, { no, at, entry, test = false }) => {
    const leaveOut = surfaces[surface]?.leaveOut ?? [];
    const record = {
      id: `${installationId}-${surface}-${no}`,
      surface,
      no,
      at,
      installation,
      test,
      entry: leaveOut.length === 0 ? entry : without(entry, leaveOut),
    } as StreamRecord;
    return { record, text: encode(record) };
  };
}

function without(entry: object, names: readonly string[]): object {
  const copy: Record<string, unknown> = { ...entry };
  for (const name of names) delete copy[name];
  return copy;
}
