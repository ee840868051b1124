import type { Duplex } from "node:stream";

/**
 * Lets a connection be read to its end though nothing can be written to it any more. Whoever has heard enough closes a connection on which
 * there still comes something: a program that ended while its input flows. The kernel has what was said before; Node would destroy the connection at the first write that fails, and that with it. The reading, which comes to its
 * end at once on such a connection, tells of the failure instead.
 */
export function outliveFailedWrites(socket: Duplex): void {
  const { _write, _writev } = socket;
  socket._write = (chunk, encoding, done) => _write.call(socket, chunk, encoding, () => done());
  if (_writev) socket._writev = (chunks, done) => _writev.call(socket, chunks, () => done());
}
