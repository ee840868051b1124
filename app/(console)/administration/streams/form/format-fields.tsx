"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { FORMAT_TITLES, StreamFormat } from "../../../../../lib/streams/formats/schema.ts";
import { StreamSurface, SURFACE_TITLES } from "../../../../../lib/streams/surfaces/schema.ts";
import { StreamExample } from "../../../../../lib/streams/trial/schema.ts";
import { CodeBlock } from "../../../../components/code-block.tsx";
import { SelectField } from "../../../../components/form/field.tsx";
import type { FieldErrors } from "../../../../components/form/field-errors.ts";
import { requestJson } from "../../../../components/request-json.ts";
import { prettyJson } from "../pretty-json.ts";
import type { StreamDraft } from "./draft.ts";
import { Fold } from "./fold.tsx";

const OPTIONS = StreamFormat.options.map((value) => ({ value, label: FORMAT_TITLES[value] }));

/** How records are written, with one as it would be sent. */
export function FormatFields({
  draft,
  change,
  errors,
}: {
  draft: StreamDraft;
  change: (part: Partial<StreamDraft>) => void;
  errors: FieldErrors;
}) {
  const surface = StreamSurface.options.find((each) => draft.surfaces[each].sent) ?? "requests";
  const { leaveOut } = draft.surfaces[surface];
  const asked = new URLSearchParams({ format: draft.format, surface, leaveOut: leaveOut.join(",") });
  const { data, error } = useQuery({
    queryKey: ["/api/v1/streams/example", asked.toString()],
    queryFn: ({ signal }) => requestJson(`/api/v1/streams/example?${asked}`, StreamExample, { signal }),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <SelectField
        id="stream-format"
        label="Format"
        value={draft.format}
        onValueChange={(format) => change({ format: format as StreamDraft["format"] })}
        options={OPTIONS}
        error={errors.of("format")}
      />
      <Fold title={`An example of ${SURFACE_TITLES[surface]}, as it would be sent`} open={false}>
        {data ? (
          <CodeBlock
            text={prettyJson(data.text)}
            language="json"
            label="Example record"
            className="max-h-[260px] overflow-auto"
          />
        ) : (
          <p className="text-fg-3">
            {error ? `The example could not be read: ${error.message}` : "Reading…"}
          </p>
        )}
      </Fold>
    </>
  );
}
