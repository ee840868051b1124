"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { type ReactNode, useState } from "react";
import { useWhenGatewayIsBack } from "./connection/use-gateway-connection.ts";
import { isOutage, RequestError } from "./request-error.ts";
import type { Theme } from "./theme/theme.ts";
import { ThemeProvider } from "./theme/theme-provider.tsx";
import { TimeZoneProvider } from "./time/time-zone.tsx";
import { Toaster } from "./toaster.tsx";
import { TooltipProvider } from "./tooltip.tsx";

export function Providers({
  theme,
  chosenTimeZone,
  children,
}: {
  theme: Theme;
  chosenTimeZone: string | null;
  children: ReactNode;
}) {
  const [client] = useState(makeQueryClient);
  return (
    <QueryClientProvider client={client}>
      <AskAgain client={client} />
      <NuqsAdapter>
        <ThemeProvider initial={theme}>
          <TimeZoneProvider initial={chosenTimeZone}>
            <TooltipProvider delayDuration={400} skipDelayDuration={200}>
              {children}
              <Toaster />
            </TooltipProvider>
          </TimeZoneProvider>
        </ThemeProvider>
      </NuqsAdapter>
    </QueryClientProvider>
  );
}

/** What is shown is read anew when the gateway is back. */
function AskAgain({ client }: { client: QueryClient }) {
  useWhenGatewayIsBack(() => void client.invalidateQueries());
  return null;
}

/** While something behind the gateway is away, what could not be read is asked for this often. */
const AGAIN_MS = 10_000;

function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        gcTime: 120_000,
        refetchOnWindowFocus: false,
        refetchInterval: ({ state }) => isOutage(state.error) && AGAIN_MS,
        // What the caller did wrong does not get right by asking again.
        retry: (count, error) => count < 2 && !(error instanceof RequestError && error.status < 500),
      },
    },
  });
}
