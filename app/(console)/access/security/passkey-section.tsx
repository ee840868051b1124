"use client";

import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { z } from "zod";
import { PasskeyView } from "../../../../lib/identity/second-factor/schema.ts";
import { Button } from "../../../components/button.tsx";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { InputField } from "../../../components/input.tsx";
import type { ListColumn } from "../../../components/list/list-column.ts";
import { PlainTable } from "../../../components/list/plain-table.tsx";
import { RequestError } from "../../../components/request-error.ts";
import { sendJson } from "../../../components/request-json.ts";
import { makePasskey, PasskeyNotUsed } from "../../../components/second-factor/passkey.ts";
import { When } from "../../../components/time/when.tsx";
import { showDone, showFailure } from "../../../components/toaster.tsx";
import { ENDPOINT, type SectionProps } from "./endpoint.ts";

const PASSKEYS = `${ENDPOINT}/passkeys`;
const Added = z.object({ passkey: PasskeyView, recoveryCodes: z.array(z.string()) });

const COLUMNS: readonly ListColumn<PasskeyView>[] = [
  {
    id: "name",
    label: "Name",
    width: 240,
    flexible: true,
    className: "is-ink",
    title: ({ name }) => name,
    cell: ({ name }) => name,
  },
  { id: "created", label: "Added", width: 140, cell: ({ createdAt }) => <When time={createdAt} absent="" /> },
  {
    id: "used",
    label: "Last used",
    width: 140,
    cell: ({ lastUsedAt }) => <When time={lastUsedAt} absent="Never" />,
  },
];

/** Passkeys: the device asks for its holder's finger, face or PIN. */
export function PasskeySection({ own, onChanged }: SectionProps) {
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<PasskeyView | null>(null);
  async function remove() {
    if (!removing) return;
    try {
      await sendJson(`${PASSKEYS}/${removing.id}`, z.undefined(), "DELETE");
      onChanged();
      showDone("Passkey removed", removing.name);
    } catch (error) {
      showFailure(`${removing.name} was not removed`, (error as Error).message);
    }
  }
  return (
    <section className="page-section" aria-labelledby="passkeys">
      <header>
        <h2 id="passkeys">Passkeys</h2>
        <p>on a device or a key: its finger, face or PIN</p>
        {own.whyNoPasskeys === null ? (
          <Button className="ml-auto" onClick={() => setAdding(true)}>
            <Plus aria-hidden />
            Add passkey
          </Button>
        ) : null}
      </header>
      {own.whyNoPasskeys === null ? null : (
        <p className="border-t border-line px-4 py-3 text-nav text-fg-2">{own.whyNoPasskeys}</p>
      )}
      {own.passkeys.length === 0 && own.whyNoPasskeys === null ? (
        <p className="border-t border-line px-4 py-3 text-nav text-fg-2">You have none.</p>
      ) : null}
      {own.passkeys.length > 0 ? (
        <PlainTable
          label="Passkeys"
          rows={own.passkeys}
          columns={COLUMNS}
          keyOf={({ id }) => id}
          nameOf={({ name }) => name}
          linesOf={({ name, lastUsedAt }) => ({
            first: name,
            second: (
              <>
                Last used <When time={lastUsedAt} absent="never" />
              </>
            ),
          })}
          actionsOf={(passkey) => [
            { label: "Remove", icon: Trash2, danger: true, run: () => setRemoving(passkey) },
          ]}
        />
      ) : null}
      <AddPasskeyDialog open={adding} onOpenChange={setAdding} onChanged={onChanged} />
      <ConfirmDialog
        open={removing !== null}
        onOpenChange={(open) => !open && setRemoving(null)}
        title={`Remove the passkey ${removing?.name ?? ""}?`}
        verb="Remove passkey"
        keep="Keep it"
        onConfirm={remove}
      >
        It does not count here any more. The device keeps its part until it is removed there.
      </ConfirmDialog>
    </section>
  );
}

function AddPasskeyDialog({
  open,
  onOpenChange,
  onChanged,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onChanged: SectionProps["onChanged"];
}) {
  const [name, setName] = useState("");
  async function submit() {
    const response = await makePasskey(`${PASSKEYS}/options`).catch(asRequestError);
    const { passkey, recoveryCodes } = await sendJson(PASSKEYS, Added, "POST", { name, response });
    setName("");
    onChanged(recoveryCodes);
    showDone("Passkey added", passkey.name);
  }
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title="Add passkey"
      description="The browser asks which device or key is to have it."
      verb="Add passkey"
      fields={["name"]}
      draft={[name]}
      onSubmit={submit}
    >
      {(errors) => (
        <InputField
          id="passkey-name"
          label="Name"
          autoComplete="off"
          hint="By which you will know it: laptop, key on the key ring."
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={errors.of("name")}
        />
      )}
    </FormDialog>
  );
}

/** A form shows what the API says; of what the browser says, the same. */
function asRequestError(error: unknown): never {
  if (!(error instanceof PasskeyNotUsed)) throw error;
  throw new RequestError({ status: 0, code: "passkey_not_used", message: error.message });
}
