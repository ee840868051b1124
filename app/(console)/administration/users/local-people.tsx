"use client";

import { KeyRound, ShieldOff, Trash2 } from "lucide-react";
import { useState } from "react";
import { z } from "zod";
import { RemovedFactors, SetUpOffer } from "../../../../lib/identity/local/schema.ts";
import type { PersonView } from "../../../../lib/identity/people/schema.ts";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { ShownOnceDialog } from "../../../components/form/shown-once.tsx";
import type { RowAction } from "../../../components/list/list-column.ts";
import { sendJson } from "../../../components/request-json.ts";
import { showDone, showFailure } from "../../../components/toaster.tsx";
import { AddLocalPersonDialog } from "./add-local-person-dialog.tsx";

type Asking = { what: "remove" | "factors" | "set-up"; user: PersonView };

/** What an administrator does with local people and with anybody's lost second factor: actions of a row, and their dialogs. */
export function useLocalPeople(refresh: () => void) {
  const [adding, setAdding] = useState(false);
  const [asking, setAsking] = useState<Asking | null>(null);
  const [offer, setOffer] = useState<SetUpOffer | null>(null);
  const actionsOf = (user: PersonView): RowAction[] => [
    ...(user.provider === "local"
      ? [
          { label: "New one-time code", icon: KeyRound, run: () => setAsking({ what: "set-up", user }) },
          { label: "Remove", icon: Trash2, danger: true, run: () => setAsking({ what: "remove", user }) },
        ]
      : []),
    {
      label: "Remove second factors",
      icon: ShieldOff,
      danger: true,
      run: () => setAsking({ what: "factors", user }),
    },
  ];
  const dialogs = (
    <>
      <AddLocalPersonDialog
        open={adding}
        onOpenChange={setAdding}
        onAdded={(made) => {
          setOffer(made);
          refresh();
        }}
      />
      <AskDialog asking={asking} onClose={() => setAsking(null)} onOffer={setOffer} onDone={refresh} />
      <ShownOnceDialog
        open={offer !== null}
        onClose={() => setOffer(null)}
        title={`One-time code for ${offer?.email ?? ""}`}
        values={
          offer
            ? [
                { label: "Address to set up", text: offer.url },
                { label: "One-time code", text: offer.code },
              ]
            : []
        }
      >
        <p className="text-nav text-fg-2">
          With it they choose a password and set up an authenticator app, once, within a day. Whoever has it
          can do so in their place.
        </p>
      </ShownOnceDialog>
    </>
  );
  return { add: () => setAdding(true), actionsOf, dialogs };
}

const TITLES = {
  remove: "Remove",
  factors: "Remove the second factors of",
  "set-up": "Make a one-time code for",
};
const VERBS = { remove: "Remove", factors: "Remove second factors", "set-up": "Make code" };

function AskDialog({
  asking,
  onClose,
  onOffer,
  onDone,
}: {
  asking: Asking | null;
  onClose: () => void;
  onOffer: (offer: SetUpOffer) => void;
  onDone: () => void;
}) {
  async function confirm() {
    if (!asking) return;
    const { what, user } = asking;
    try {
      await RUN[what](user, onOffer);
      onDone();
    } catch (error) {
      showFailure(`Nothing was changed of ${user.name}`, error instanceof Error ? error.message : "");
    }
  }
  const what = asking?.what ?? "remove";
  return (
    <ConfirmDialog
      open={asking !== null}
      onOpenChange={(open) => !open && onClose()}
      title={`${TITLES[what]} ${asking?.user.name ?? ""}?`}
      verb={VERBS[what]}
      harmless={what === "set-up"}
      onConfirm={confirm}
    >
      {consequence(what, asking?.user.email ?? "", asking?.user.provider === "local")}
    </ConfirmDialog>
  );
}

const RUN: Record<Asking["what"], (user: PersonView, onOffer: (offer: SetUpOffer) => void) => Promise<void>> =
  {
    async remove({ id, email }) {
      await sendJson(`/api/v1/users/local/${id}`, z.undefined(), "DELETE");
      showDone("Person removed", email);
    },
    async factors({ id, email }, onOffer) {
      const { setUp } = await sendJson(`/api/v1/users/${id}/second-factor`, RemovedFactors, "DELETE");
      showDone("Second factors removed", email);
      if (setUp) onOffer(setUp);
    },
    async "set-up"({ id }, onOffer) {
      onOffer(await sendJson(`/api/v1/users/local/${id}/set-up`, SetUpOffer, "POST"));
    },
  };

function consequence(what: Asking["what"], email: string, isLocal: boolean): string {
  if (what === "remove") {
    return `${email} is signed out at once; their tokens, grants, password and second factors end. What they did stays on the record.`;
  }
  if (what === "set-up") {
    return `${email} chooses a password and sets up an authenticator app anew with it. What they have counts until then.`;
  }
  const after = isLocal ? "They set up another by a one-time code." : "They set up another on My security.";
  return `Authenticator app, passkeys and recovery codes of ${email} do not count any more. ${after} Make sure that it is them who asks.`;
}
