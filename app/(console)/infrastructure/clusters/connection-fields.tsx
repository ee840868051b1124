"use client";

import type { ClusterView } from "../../../../lib/clusters/schema.ts";
import { SelectField } from "../../../components/form/field.tsx";
import type { FieldErrors } from "../../../components/form/field-errors.ts";
import { InputField } from "../../../components/input.tsx";

/** What the form knows of the way to a cluster. */
export type ConnectionDraft = Pick<ClusterView, "connection" | "tunnelCredential"> & {
  /** Empty: any agent of the cluster. */
  agentTag: string;
};

/** The ways to a cluster, in words. */
export const CONNECTIONS: Record<ClusterView["connection"], string> = {
  direct: "Direct",
  tunnel: "Through an agent",
};

/** The draft as the API takes it. */
export const toConnection = ({ connection, tunnelCredential, agentTag }: ConnectionDraft) => ({
  connection,
  tunnelCredential: connection === "tunnel" ? tunnelCredential : ("gateway" as const),
  agentTag: connection === "tunnel" ? agentTag.trim() || null : null,
});

/** Whether the agent proves calls to the API server, so that the gateway keeps no credential. */
export const isProvedByAgent = ({ connection, tunnelCredential }: Omit<ConnectionDraft, "agentTag">) =>
  connection === "tunnel" && tunnelCredential === "agent";

/** Whether the gateway dials the cluster, or an agent of its dials the gateway. */
export function ConnectionFields({
  draft,
  onChange,
  errors,
}: {
  draft: ConnectionDraft;
  onChange: (change: Partial<ConnectionDraft>) => void;
  errors: FieldErrors;
}) {
  return (
    <>
      <SelectField
        id="cluster-connection"
        label="Connection"
        value={draft.connection}
        onValueChange={(connection) => onChange({ connection: connection as ConnectionDraft["connection"] })}
        options={[
          { value: "direct", label: "Direct: the gateway dials the endpoint" },
          { value: "tunnel", label: "Through an agent that dials the gateway" },
        ]}
        hint={
          draft.connection === "tunnel"
            ? "For a cluster that nothing can dial. Join agents on the page Agents, once it is saved."
            : undefined
        }
        error={errors.of("connection")}
      />
      {draft.connection === "tunnel" ? (
        <>
          <InputField
            id="cluster-agent-tag"
            label="Agent tag"
            autoComplete="off"
            spellCheck={false}
            hint="Only agents with this tag carry its calls. Empty: any agent of the cluster."
            value={draft.agentTag}
            onChange={(event) => onChange({ agentTag: event.target.value })}
            error={errors.of("agentTag")}
          />
          <SelectField
            id="cluster-tunnel-credential"
            label="Whose credential"
            value={draft.tunnelCredential}
            onValueChange={(tunnelCredential) =>
              onChange({ tunnelCredential: tunnelCredential as ConnectionDraft["tunnelCredential"] })
            }
            options={[
              { value: "gateway", label: "The gateway’s: the agent passes ciphertext" },
              { value: "agent", label: "The agent’s own: it never leaves the cluster" },
            ]}
            hint={
              draft.tunnelCredential === "agent"
                ? "The agent adds its service account’s token, and reads what passes. The gateway keeps no credential."
                : "The gateway speaks TLS to the API server through the agent, which can neither read nor change a call."
            }
            error={errors.of("tunnelCredential")}
          />
        </>
      ) : null}
    </>
  );
}
