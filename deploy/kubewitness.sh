#!/bin/sh
# Starts an unpacked release with the Node that came with it; `npm run release` puts this into the archive as `kubewitness`.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 1
# A file that is named on the command line is relative to where this was called.
INIT_CWD=$PWD exec "$here/node_modules/.bin/node" "$here/scripts/run.mjs" start "$@"
