/** Watches both directions of one session; throws a WireError at the first violation. */
export interface DirectionInspector {
  fromClient(chunk: Uint8Array): void;
  fromServer(chunk: Uint8Array): void;
}
