import { lookup } from "node:dns/promises";
import net from "node:net";
import { getSystemErrorName } from "node:util";
import { type ListenAddress, listenFailure } from "../../lib/listen.ts";

/**
 * A socket that is bound and that this process never accepts on: it is sent to the processes that do. Connections wait in its one queue while none
 * of them lives, so that the end of a process refuses nobody.
 */
export interface ListeningHandle {
  close(): void;
}

/** As Node wraps libuv's. */
interface NativeHandle extends ListeningHandle {
  /** 0, or the negative errno, also of a `bind` that failed, which libuv tells late. A Unix socket has none. */
  getsockname?(address: object): number;
}

/**
 * What node:cluster binds its shared handles with. Nothing that is documented binds without accepting: a `net.Server` of the main process would take
 * connections while its event loop is free and let them wait while it is not, and node:cluster closes the queue with its last
 * process (docs/decisions/0114-one-queue-for-the-gateway-processes.md).
 */
const { _createServerHandle: createServerHandle } = net as unknown as {
  _createServerHandle(address: string, port: number, family: number): NativeHandle | number;
};

/** Binds a port of this machine. @throws AppError `unavailable` of one line where it cannot be had. */
export async function bindPort(address: ListenAddress): Promise<ListeningHandle> {
  const found = await lookup(address.host).catch((error: NodeJS.ErrnoException) => {
    throw listenFailure(address, error);
  });
  const handle = bind(found.address, address.port, found.family);
  if (handle instanceof Error) throw listenFailure(address, handle);
  return handle;
}

/** Binds a Unix socket. @throws where its folder cannot be written, or the path is too long for one. */
export function bindPath(path: string): ListeningHandle {
  const handle = bind(path, -1, -1);
  if (handle instanceof Error) throw handle;
  return handle;
}

function bind(address: string, port: number, family: number): NativeHandle | NodeJS.ErrnoException {
  const handle = createServerHandle(address, port, family);
  if (typeof handle === "number") return failed(handle, address);
  const failure = handle.getsockname?.({}) ?? 0;
  if (failure === 0) return handle;
  handle.close();
  return failed(failure, address);
}

function failed(errno: number, address: string): NodeJS.ErrnoException {
  const code = getSystemErrorName(errno);
  return Object.assign(new Error(`bind ${code} ${address}`), { code, errno });
}
