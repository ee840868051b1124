"use client";

import { useState } from "react";
import { DeadLetterCount, type DeadLetterView, type StreamView } from "../../../../lib/streams/schema.ts";
import { Section } from "../../../components/audit/detail/facts.tsx";
import { formatNumber } from "../../../components/audit/format-count.ts";
import { Button } from "../../../components/button.tsx";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { Input } from "../../../components/input.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { showDone, showFailure } from "../../../components/toaster.tsx";
import { DeadLetterItem } from "./dead-letter-item.tsx";
import { countOf } from "./stream-words.ts";
import { useDeadLetters } from "./use-dead-letters.ts";

/** The most that are chosen by their ids in one change. */
const MOST_CHOSEN = 1_000;

/** What a receiver refused for good: the record, why, and what becomes of it. */
export function DeadLetters({
  stream,
  mayWrite,
  refresh,
}: {
  stream: StreamView;
  mayWrite: boolean;
  refresh: () => void;
}) {
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [discarding, setDiscarding] = useState(false);
  const { letters, error, more, reload } = useDeadLetters(stream.id, search);
  const ids = idsOf({ letters, chosen, search });
  const count = ids === null ? stream.deadLetters : ids.length;
  const isChosen = ids?.some((id) => chosen.includes(id)) ?? false;
  const what = ids === null ? "all" : isChosen ? formatNumber(count) : `the ${formatNumber(count)} shown`;

  async function change(verb: "replay" | "discard") {
    const url = `/api/v1/streams/${stream.id}/dead-letters/${verb}`;
    try {
      const done = await sendJson(url, DeadLetterCount, "POST", ids === null ? { all: true } : { ids });
      const counted = countOf(done.count, "dead letter");
      if (verb === "replay") showDone("Sent again", `${counted}: what is refused once more stays here`);
      else showDone("Discarded", counted);
      setChosen([]);
    } catch (failure) {
      showFailure("It was not done", failure instanceof Error ? failure.message : "");
    }
    reload();
    refresh();
  }
  if (stream.deadLetters === 0 && search === "" && (letters?.length ?? 0) === 0)
    return (
      <Section title="Dead letters">
        <p className="text-fg-3">
          None. A record that the receiver refuses for good, while it takes others, is kept here: nothing
          behind it waits for it.
        </p>
      </Section>
    );
  return (
    <Section title="Dead letters">
      <div className="mb-2 grid grid-cols-1 gap-2">
        <Input
          aria-label="Search dead letters"
          placeholder="Reason, record or number"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        {mayWrite ? (
          <div className="flex flex-wrap gap-2">
            <Button disabled={count === 0} onClick={() => void change("replay")}>
              Send {what} again
            </Button>
            <Button look="danger-plain" disabled={count === 0} onClick={() => setDiscarding(true)}>
              Discard {what}…
            </Button>
          </div>
        ) : null}
      </div>
      {error && letters === null ? (
        <p role="alert" className="text-fail">
          They could not be read: {error.message}
        </p>
      ) : null}
      {letters?.length === 0 ? <p className="text-fg-3">None has “{search}” in it.</p> : null}
      <ul className="grid grid-cols-1 gap-2" aria-label="Dead letters">
        {letters?.map((letter) => (
          <DeadLetterItem
            key={letter.id}
            letter={letter}
            chosen={mayWrite ? chosen.includes(letter.id) : null}
            onChoose={(is) =>
              setChosen((now) => (is ? [...now, letter.id] : now.filter((id) => id !== letter.id)))
            }
          />
        ))}
      </ul>
      {more ? (
        <Button look="link" className="mt-2" onClick={more}>
          Show more dead letters
        </Button>
      ) : null}
      <ConfirmDialog
        open={discarding}
        onOpenChange={setDiscarding}
        title={`Discard ${countOf(count, "dead letter")}?`}
        verb="Discard"
        keep="Keep them"
        onConfirm={() => change("discard")}
      >
        What is discarded is not sent to {stream.name}’s receiver from here any more. It stays on the record
        of this installation.
      </ConfirmDialog>
    </Section>
  );
}

/** Those that are chosen, or else those that a search found; null: all. */
function idsOf({
  letters,
  chosen,
  search,
}: {
  letters: readonly DeadLetterView[] | null;
  chosen: readonly string[];
  search: string;
}): string[] | null {
  const shown = (letters ?? []).map(({ id }) => id);
  const still = shown.filter((id) => chosen.includes(id));
  if (still.length > 0) return still.slice(0, MOST_CHOSEN);
  return search.trim() === "" ? null : shown.slice(0, MOST_CHOSEN);
}
