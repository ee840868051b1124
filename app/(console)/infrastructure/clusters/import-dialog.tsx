"use client";

import { CircleCheck, CircleX, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { z } from "zod";
import { ImportedCluster } from "../../../../lib/clusters/kubeconfig/schema.ts";
import { Button } from "../../../components/button.tsx";
import { Dialog, DialogClose, DialogContent } from "../../../components/dialog.tsx";
import { TextAreaField } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { sendJson } from "../../../components/request-json.ts";

const Answer = z.object({ clusters: z.array(ImportedCluster) });

const OUTCOMES: Record<ImportedCluster["outcome"], string> = {
  registered: "Added",
  updated: "Changed",
  unchanged: "As it was",
  refused: "Refused",
};

/** Registers every context of a pasted kubeconfig, and says of each what came of it. */
export function ImportDialog({
  open,
  onOpenChange,
  onDone,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onDone: () => void;
}) {
  const [text, setText] = useState("");
  const [outcome, setOutcome] = useState<readonly ImportedCluster[] | null>(null);
  async function submit() {
    const answer = await sendJson("/api/v1/clusters/import", Answer, "POST", { kubeconfig: text });
    setText("");
    setOutcome(answer.clusters);
    onDone();
  }
  return (
    <>
      <FormDialog
        open={open}
        onOpenChange={onOpenChange}
        title="Import kubeconfig"
        description="Each context becomes a cluster, with its address, authority and credential. A cluster of the same name is changed."
        verb="Import"
        className="w-[600px]"
        fields={["kubeconfig"]}
        draft={{ text }}
        onSubmit={submit}
      >
        {(errors) => (
          <TextAreaField
            id="import-kubeconfig"
            label="Kubeconfig"
            rows={14}
            placeholder={"apiVersion: v1\nkind: Config\nclusters:\n…"}
            hint="kubectl config view --raw --flatten prints one without references to files."
            value={text}
            onChange={(event) => setText(event.target.value)}
            error={errors.of("kubeconfig")}
          />
        )}
      </FormDialog>
      <Dialog open={outcome !== null} onOpenChange={(next) => !next && setOutcome(null)}>
        <DialogContent title="Imported kubeconfig" className="w-[520px]">
          {outcome?.length === 0 ? <p className="text-nav text-fg-2">It has no context.</p> : null}
          <ul className="grid gap-2">
            {outcome?.map((one) => (
              <ImportedLine key={one.context} one={one} />
            ))}
          </ul>
          <div className="mt-4 flex justify-end">
            <DialogClose asChild>
              <Button look="primary">Done</Button>
            </DialogClose>
          </div>
        </DialogContent>
      </Dialog>
    </>
  );
}

function ImportedLine({ one }: { one: ImportedCluster }) {
  const refused = one.outcome === "refused";
  const Icon = refused ? CircleX : one.problem ? TriangleAlert : CircleCheck;
  const tone = refused ? "text-fail" : one.problem ? "text-warn" : "text-ok";
  return (
    <li className="grid grid-cols-[16px_1fr_auto] gap-x-2">
      <Icon aria-hidden className={`size-3.5! ${tone}`} />
      <span className="font-medium text-fg">{one.name}</span>
      <span className={refused ? "text-fail" : "text-fg-3"}>{OUTCOMES[one.outcome]}</span>
      {one.reason ? <span className="col-span-2 col-start-2 text-fg-2">{one.reason}</span> : null}
      {one.problem ? (
        <span className="col-span-2 col-start-2 wrap-anywhere text-fg-2">But {one.problem}.</span>
      ) : null}
    </li>
  );
}
