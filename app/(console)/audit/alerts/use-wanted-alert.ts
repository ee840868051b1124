import { useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";
import { SavedViewSurface } from "../../../../lib/audit/views/schema.ts";

/** An alert that a page of the record asks for: `?alert-of=request_audit&filter=…&name=…`. */
export interface WantedAlert {
  surface: SavedViewSurface;
  filter: string;
  name: string;
}

/** What the address asks for; it is taken out of the address once the form is closed. */
export function useWantedAlert(): { wanted: WantedAlert | null; forget: () => void } {
  const router = useRouter();
  const parameters = useSearchParams();
  const [wanted, setWanted] = useState(() => readWanted(parameters));
  const forget = () => {
    if (wanted === null) return;
    setWanted(null);
    router.replace("/audit/alerts");
  };
  return { wanted, forget };
}

function readWanted(parameters: Pick<URLSearchParams, "get">): WantedAlert | null {
  const surface = SavedViewSurface.safeParse(parameters.get("alert-of"));
  if (!surface.success) return null;
  return {
    surface: surface.data,
    filter: parameters.get("filter") ?? "",
    name: parameters.get("name") ?? "",
  };
}
