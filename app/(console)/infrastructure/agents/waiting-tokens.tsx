"use client";

import { useQuery } from "@tanstack/react-query";
import { z } from "zod";
import { JoinTokenView } from "../../../../lib/tunnels/joining/schema.ts";
import { Button } from "../../../components/button.tsx";
import { requestJson, sendJson } from "../../../components/request-json.ts";
import { When } from "../../../components/time/when.tsx";
import { showDone, showFailure } from "../../../components/toaster.tsx";

const ENDPOINT = "/api/v1/agents/join-tokens";
const JoinTokens = z.object({ joinTokens: z.array(JoinTokenView) });

/** The join tokens with which nothing has joined yet; nothing where there are none. */
export function WaitingTokens() {
  const { data, refetch } = useQuery({
    queryKey: [ENDPOINT],
    queryFn: ({ signal }) => requestJson(ENDPOINT, JoinTokens, { signal }),
    staleTime: 0,
  });
  const tokens = data?.joinTokens ?? [];
  if (tokens.length === 0) return null;

  async function withdraw({ id, cluster }: JoinTokenView) {
    try {
      await sendJson(`${ENDPOINT}/${id}`, z.unknown(), "DELETE");
      showDone("Join token withdrawn", cluster.name);
    } catch (error) {
      showFailure("The join token was not withdrawn", error instanceof Error ? error.message : "");
    }
    void refetch();
  }
  return (
    <section aria-label="Join tokens that wait" className="grid gap-1.5">
      <h3 className="font-medium text-fg-2">Tokens that wait to be used</h3>
      <ul className="grid max-h-40 gap-1.5 overflow-auto">
        {tokens.map((token) => (
          <li
            key={token.id}
            className="flex items-center gap-2 rounded-2 border border-line py-1 pr-1 pl-2.5"
          >
            <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
              {token.cluster.name}
              <span className="block text-fg-3">
                {token.createdBy ? `by ${token.createdBy}, ` : ""}ends{" "}
                <When time={token.expiresAt} absent="" />
              </span>
            </span>
            <Button
              size="small"
              look="danger-plain"
              aria-label={`Withdraw the token for ${token.cluster.name}`}
              onClick={() => void withdraw(token)}
            >
              Withdraw
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
