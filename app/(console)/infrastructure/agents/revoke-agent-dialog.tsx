"use client";

import { z } from "zod";
import { AgentView } from "../../../../lib/tunnels/agents/schema.ts";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { showDone, showFailure } from "../../../components/toaster.tsx";

interface Asked {
  /** null while nothing is asked. */
  agent: AgentView | null;
  onClose: () => void;
  onDone: () => void;
}

/** Asks before an agent is revoked. */
export function RevokeAgentDialog({ agent, onClose, onDone }: Asked) {
  return (
    <ConfirmDialog
      open={agent !== null}
      onOpenChange={(open) => !open && onClose()}
      title={`Revoke ${agent?.name ?? ""}?`}
      verb="Revoke agent"
      keep="Keep agent"
      onConfirm={() =>
        attempt("The agent was not revoked", onDone, async () => {
          await sendJson(`/api/v1/agents/${agent?.id}/revoke`, AgentView, "POST", {});
          showDone("Agent revoked", agent?.name ?? "");
        })
      }
    >
      None of its certificates counts any more, and what goes through it to {agent?.cluster.name} ends at
      once. It can come back only with a new join token.
    </ConfirmDialog>
  );
}

/** Asks before a revoked agent is taken from the list. */
export function RemoveAgentDialog({ agent, onClose, onDone }: Asked) {
  return (
    <ConfirmDialog
      open={agent !== null}
      onOpenChange={(open) => !open && onClose()}
      title={`Remove ${agent?.name ?? ""}?`}
      verb="Remove agent"
      keep="Keep agent"
      onConfirm={() =>
        attempt("The agent was not removed", onDone, async () => {
          await sendJson(`/api/v1/agents/${agent?.id}`, z.unknown(), "DELETE");
          showDone("Agent removed", agent?.name ?? "");
        })
      }
    >
      It leaves the list, with its log of connects. Request Audit and Event History keep what they have of it.
    </ConfirmDialog>
  );
}

async function attempt(failed: string, onDone: () => void, run: () => Promise<void>) {
  try {
    await run();
    onDone();
  } catch (error) {
    showFailure(failed, error instanceof Error ? error.message : "");
  }
}
