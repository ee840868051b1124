"use client";

import { useEffect, useRef, useSyncExternalStore } from "react";
import { type GatewayConnection, gatewayConnection } from "./gateway-connection.ts";

/** How this page stands to the gateway; follows every change. */
export function useGatewayConnection(): GatewayConnection {
  return useSyncExternalStore(
    gatewayConnection.subscribe,
    gatewayConnection.current,
    gatewayConnection.current,
  );
}

/** Calls back when the gateway answers again after it did not. */
export function useWhenGatewayIsBack(onBack: () => void): void {
  const { state } = useGatewayConnection();
  const wasLost = useRef(false);
  const latest = useRef(onBack);
  latest.current = onBack;
  useEffect(() => {
    if (state === "answering" && wasLost.current) latest.current();
    wasLost.current = state === "lost";
  }, [state]);
}
