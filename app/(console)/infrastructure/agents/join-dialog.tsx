"use client";

import { useState } from "react";
import { MadeJoinToken } from "../../../../lib/tunnels/joining/schema.ts";
import { SelectField } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { useClusters } from "./use-clusters.ts";
import { WaitingTokens } from "./waiting-tokens.tsx";

/** Makes a join token for a cluster. */
export function JoinDialog({
  onClose,
  onMade,
  initialCluster,
}: {
  onClose: () => void;
  onMade: (made: MadeJoinToken) => void;
  initialCluster: string | null;
}) {
  const clusters = useClusters();
  const [chosen, setChosen] = useState(initialCluster ?? "");
  const isTunnel = clusters.find(({ id }) => id === chosen)?.connection === "tunnel";
  return (
    <FormDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Join an agent"
      description="The token lets one agent join, once, within the hour. A Deployment’s pods share what they get for it."
      verb="Make join token"
      fields={["cluster"]}
      draft={{ chosen }}
      words={{ cluster: { empty: "Choose a cluster." } }}
      onSubmit={async () => {
        onMade(await sendJson("/api/v1/agents/join-tokens", MadeJoinToken, "POST", { cluster: chosen }));
      }}
    >
      {(errors) => (
        <>
          <SelectField
            id="join-cluster"
            label="Cluster"
            placeholder="Choose a cluster"
            value={chosen}
            onValueChange={setChosen}
            options={clusters.map(({ id, name }) => ({ value: id, label: name }))}
            hint={
              chosen === "" || isTunnel
                ? "The agent carries calls to this cluster alone."
                : "Its calls go to its endpoint directly until its connection is set to “Through an agent”."
            }
            error={errors.of("cluster")}
          />
          <WaitingTokens />
        </>
      )}
    </FormDialog>
  );
}
