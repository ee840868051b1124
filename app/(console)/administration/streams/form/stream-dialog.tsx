"use client";

import { useState } from "react";
import { DESTINATIONS, findDestination } from "../../../../../lib/streams/destinations/schema.ts";
import { StreamView, StreamWithSecrets } from "../../../../../lib/streams/schema.ts";
import { StreamSurface } from "../../../../../lib/streams/surfaces/schema.ts";
import { type FieldErrors, NO_ERRORS, readFieldErrors } from "../../../../components/form/field-errors.ts";
import { FormDialog } from "../../../../components/form/form-dialog.tsx";
import { InputField } from "../../../../components/input.tsx";
import { sendJson } from "../../../../components/request-json.ts";
import { useTimeZoneChoice } from "../../../../components/time/time-zone.tsx";
import { showDone } from "../../../../components/toaster.tsx";
import { DestinationFields } from "./destination-fields.tsx";
import { createBody, draftOf, fieldsOfKind, type StreamDraft, updateBody } from "./draft.ts";
import { FormatFields } from "./format-fields.tsx";
import { KindCards } from "./kind-cards.tsx";
import { PaceFields } from "./pace-fields.tsx";
import { StartFields } from "./start-fields.tsx";
import { SurfaceFields } from "./surface-fields.tsx";
import { TryStream } from "./try-stream.tsx";

const FIRST_KIND = DESTINATIONS[0].kind;
const WORDS = { name: { empty: "Give it a name." } };

/** Adds a stream (`new`), or changes one. Another stream is another form: give it a key. */
export function StreamDialog({
  stream,
  onClose,
  onMade,
  onDone,
}: {
  /** null: closed. */
  stream: StreamView | "new" | null;
  onClose: () => void;
  /** It was added: secrets that were made for it are to be shown. */
  onMade: (made: StreamWithSecrets) => void;
  onDone: () => void;
}) {
  const known = stream === "new" ? null : stream;
  const timeZone = useTimeZoneChoice().timeZone ?? "UTC";
  const [draft, setDraft] = useState<StreamDraft>(() => draftOf(known, known?.kind ?? FIRST_KIND, timeZone));
  const [tried, setTried] = useState<FieldErrors>(NO_ERRORS);
  const change = (part: Partial<StreamDraft>) => setDraft((now) => ({ ...now, ...part }));
  const fields = fieldNames(draft.kind);

  async function submit() {
    setTried(NO_ERRORS);
    if (known) {
      await sendJson(`/api/v1/streams/${known.id}`, StreamView, "PATCH", updateBody(draft));
      showDone("Stream changed", draft.name);
    } else {
      const body = createBody(draft, timeZone);
      onMade(await sendJson("/api/v1/streams", StreamWithSecrets, "POST", body));
      showDone("Stream added", draft.name);
    }
    onDone();
  }
  return (
    <FormDialog
      open={stream !== null}
      onOpenChange={(open) => !open && onClose()}
      title={known ? `Change ${known.name}` : "Add stream"}
      description={
        known
          ? "It goes on where it is; what is new to it begins now."
          : "What is recorded is sent on, in order, at least once."
      }
      verb={known ? "Save" : "Add stream"}
      fields={fields}
      draft={draft}
      words={WORDS}
      onSubmit={submit}
      className="w-[680px]"
    >
      {(refused) => {
        const errors = { ...refused, of: (field: string) => refused.of(field) ?? tried.of(field) };
        return (
          <>
            <InputField
              id="stream-name"
              label="Name"
              autoComplete="off"
              value={draft.name}
              onChange={(event) => change({ name: event.target.value })}
              error={errors.of("name")}
            />
            {known ? null : (
              <KindCards
                value={draft.kind}
                onChange={(kind) => change({ kind, ...fieldsOfKind(kind, null), dropped: [] })}
              />
            )}
            <DestinationFields draft={draft} change={change} errors={errors} kept={known?.secretsSet ?? []} />
            <FormatFields draft={draft} change={change} errors={errors} />
            <SurfaceFields draft={draft} change={change} errors={errors} />
            {known ? null : <StartFields draft={draft} change={change} errors={errors} />}
            <PaceFields draft={draft} change={change} errors={errors} />
            <TryStream
              draft={draft}
              id={known?.id}
              onRefused={(error) => setTried(readFieldErrors(error, fields, WORDS))}
            />
            {tried.general || tried.isSessionOver ? (
              <p role="alert" className="wrap-anywhere text-fail">
                {tried.general ?? "Your session has ended. Sign in in another tab, then send it again."}
              </p>
            ) : null}
          </>
        );
      }}
    </FormDialog>
  );
}

/** The fields of the form, as the API calls them. */
function fieldNames(kind: string): string[] {
  const described = findDestination(kind);
  return [
    "name",
    "kind",
    "format",
    "surfaces",
    "rateLimit",
    "batch.records",
    "batch.bytes",
    "batch.seconds",
    "start.time",
    ...StreamSurface.options.flatMap((surface) => [
      `surfaces.${surface}.filter`,
      `surfaces.${surface}.leaveOut`,
      `start.${surface}`,
    ]),
    ...(described?.settingsFields ?? []).map(({ name }) => `settings.${name}`),
    ...(described?.secretFields ?? []).map(({ name }) => `secrets.${name}`),
  ];
}
