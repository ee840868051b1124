// Runs inside the sandbox, which has no network: serves a port of its own loopback from the session's Unix socket, then runs the program it
// is given and ends as that does. Usage: node sandbox-relay.cjs PORT SOCKET PROGRAM ARGUMENT…
const { writeSync } = require("node:fs");
const net = require("node:net");
const { constants } = require("node:os");
const { spawn } = require("node:child_process");

// The program shares this process's standard output. Node's pipe() looks at process.stdout, and to look at it is to make it non-blocking: the program's
// own writes would then fail where nobody reads fast enough, and kubectl leaves out what it could not write, without a word.
for (const name of ["stdout", "stderr"]) Object.defineProperty(process, name, { value: undefined });

const [port, socket, program, ...args] = process.argv.slice(2);
// A Ctrl-C in the terminal is the program's.
process.on("SIGINT", () => {});
process.on("SIGQUIT", () => {});

const relay = net.createServer({ allowHalfOpen: true }, (client) => {
  const gateway = net.connect({ path: socket, allowHalfOpen: true });
  client.pipe(gateway).pipe(client);
  client.on("error", () => gateway.destroy());
  gateway.on("error", () => client.destroy());
});
relay.listen(Number(port), "127.0.0.1", () => {
  const child = spawn(program, args, { stdio: "inherit" });
  child.on("error", (error) => {
    writeSync(2, `${error.message}\n`);
    process.exit(126);
  });
  child.on("exit", (code, signal) => process.exit(signal === null ? code : 128 + constants.signals[signal]));
});
