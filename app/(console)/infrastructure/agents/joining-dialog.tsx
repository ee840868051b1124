"use client";

import { TriangleAlert } from "lucide-react";
import { useState } from "react";
import type { MadeJoinToken } from "../../../../lib/tunnels/joining/schema.ts";
import { Button } from "../../../components/button.tsx";
import { CopyButton } from "../../../components/copy-button.tsx";
import { Dialog, DialogClose, DialogContent } from "../../../components/dialog.tsx";
import { CopyLines } from "../../../components/form/shown-once.tsx";
import { Segmented } from "../../../components/segmented.tsx";
import { joinCommands, type Place } from "./join-commands.ts";
import { JoiningState } from "./joining-state.tsx";
import { useClusters } from "./use-clusters.ts";

const PLACES: readonly { value: Place; label: string }[] = [
  { value: "kubernetes", label: "Kubernetes" },
  { value: "docker", label: "Docker" },
  { value: "systemd", label: "systemd" },
];

/** A join token, shown this once, with what to do with it; waits until the agent has connected. */
export function JoiningDialog({
  made,
  onClose,
  onJoined,
}: {
  made: MadeJoinToken;
  onClose: () => void;
  onJoined: () => void;
}) {
  const [place, setPlace] = useState<Place>("kubernetes");
  const cluster = useClusters().find(({ id }) => id === made.cluster.id);
  const text = joinCommands(place, {
    made,
    endpoint: cluster?.endpoint ?? "https://kubernetes.default.svc",
    credential: cluster?.tunnelCredential ?? "gateway",
  });
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title={`Join an agent of ${made.cluster.name}`}
        className="w-[640px]"
        keptOn="outside-and-escape"
      >
        <div className="grid gap-3">
          <p className="flex items-start gap-2 rounded-2 border border-warn-line bg-warn-tint px-3 py-2 text-fg">
            <TriangleAlert aria-hidden className="mt-px size-3.5! text-warn" />
            Copy it now. It is shown this once, and counts once, within the hour.
          </p>
          <CopyLines values={[{ label: "Join token", text: made.token }]} />
          <div className="flex flex-wrap items-center gap-2">
            <Segmented value={place} onValueChange={setPlace} options={PLACES} label="Where the agent runs" />
            <span className="ml-auto" />
            <CopyButton text={text} label="Copy commands" aria-label="Copy commands" size="small">
              Copy
            </CopyButton>
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard */}
          <section className="code max-h-56 overflow-auto px-3 py-2" tabIndex={0} aria-label="Commands">
            <pre>{text}</pre>
          </section>
          <p className="text-fg-3">
            {place === "kubernetes"
              ? "deploy/agent.yaml is part of the installation. The gateway’s address must be one that the cluster reaches."
              : "KUBERNETES_API_SERVER is the API server as the agent’s machine reaches it. It is the one address that the agent ever dials there."}
          </p>
          <JoiningState token={made.id} onJoined={onJoined} />
          <div className="flex justify-end">
            <DialogClose asChild>
              <Button look="primary">Done</Button>
            </DialogClose>
          </div>
        </div>
      </DialogContent>
    </Dialog>
  );
}
