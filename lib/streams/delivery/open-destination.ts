import type { Destination, DestinationKind } from "../destinations/destination/destination.ts";
import { DESTINATION_KINDS } from "../destinations/registry.ts";
import { findDestination } from "../destinations/schema.ts";
import { destinationTools } from "./tools.ts";

interface Opened {
  id: string;
  name: string;
  kind: string;
  settings: unknown;
  secrets: unknown;
}

/** Opens the destination of a stream. @throws Error where its kind, settings or secrets are none that this version knows. */
export function openDestination({ id, name, kind, settings, secrets }: Opened): Destination {
  const described = findDestination(kind);
  const opener = DESTINATION_KINDS[kind] as DestinationKind<unknown, unknown> | undefined;
  if (!described || !opener) throw new Error(`kind: got ${kind}, which this version has not`);
  return opener.open({
    settings: described.settings.parse(settings),
    secrets: described.secrets.parse(secrets),
    tools: destinationTools({ id, name }),
  });
}
