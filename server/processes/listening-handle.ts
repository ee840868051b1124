import { lookup } from "node:dns/promises";
import net from "node:net";
import { getSystemErrorName } from "node:util";
import { nameSetting } from "../../lib/config/read-settings.ts";
import { settings } from "../../lib/config/settings.ts";
import { AppError } from "../../lib/errors.ts";
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

/** Binds a Unix socket. @throws AppError `unavailable` where its folder takes none. */
export function bindPath(path: string): ListeningHandle {
  const handle = bind(path, -1, -1);
  if (!(handle instanceof Error)) return handle;
  const text = `${nameSetting(settings.data)}: no Unix socket can be made at ${path} (${handle.code}): use a file system that takes them, ${OR_NONE}`;
  throw new AppError("unavailable", text, { cause: handle });
}

const OR_NONE = `or set ${nameSetting(settings.gateway.processes)} to 0`;

function bind(address: string, port: number, family: number): NativeHandle | NodeJS.ErrnoException {
  if (typeof createServerHandle !== "function") {
    const text = `Node ${process.version} binds no socket for other processes: use Node 24, ${OR_NONE}`;
    throw new AppError("unavailable", text);
  }
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
