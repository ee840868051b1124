/** Calls `stop` once: on SIGINT, SIGTERM, or when the process that started this one (`npm start`) is gone. */
export function onStopSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const once = () => {
    if (stopping) return;
    stopping = true;
    void stop();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, once);
  process.on("disconnect", once);
  process.channel?.unref();
}
