import { runShell } from "../language/shell-program.ts";
import type { Program } from "../process-context.ts";
import { chmod, chown, cp, ln, mkdir, mv, rm, rmdir, touch, truncate } from "./change-files.ts";
import { test } from "./conditions.ts";
import { base64, md5sum, sha256sum } from "./digests.ts";
import { find } from "./find.ts";
import { grep } from "./grep.ts";
import { ls } from "./list-files.ts";
import { basename, dirname, realpath } from "./path-names.ts";
import { echo, failAlways, printf, seq, succeed, yes } from "./print.ts";
import { kill, nohup, ps, sleep, time, timeout, top } from "./process-control.ts";
import { cat, head, tail, tee, wc } from "./read-files.ts";
import {
  date,
  df,
  env,
  free,
  hostname,
  id,
  nproc,
  printenv,
  pwd,
  tty,
  uname,
  uptime,
  which,
  whoami,
} from "./system-information.ts";
import { tar } from "./tar.ts";
import { clear, reset, stty } from "./terminal-settings.ts";
import { cut, sort, tr, uniq } from "./transform-text.ts";
import { pager, unavailable } from "./unavailable.ts";
import { curl, nslookup, wget } from "./web-clients.ts";

/** Programs that are BusyBox's in the sandbox's containers: links in /bin. */
export const APPLETS: ReadonlyMap<string, Program> = new Map(
  Object.entries({
    "[": test,
    "[[": test,
    ash: runShell,
    base64,
    basename,
    cat,
    chgrp: chown,
    chmod,
    chown,
    clear,
    cp,
    cut,
    date,
    df,
    dirname,
    echo,
    egrep: grep,
    env,
    false: failAlways,
    fgrep: grep,
    find,
    free,
    grep,
    head,
    hostname,
    id,
    kill,
    less: pager,
    ln,
    ls,
    md5sum,
    mkdir,
    more: pager,
    mv,
    nohup,
    nproc,
    nslookup,
    printenv,
    printf,
    ps,
    pwd,
    readlink: realpath,
    realpath,
    reset,
    rm,
    rmdir,
    seq,
    sh: runShell,
    sha256sum,
    sleep,
    sort,
    stty,
    sync: succeed,
    tail,
    tar,
    tee,
    test,
    time,
    timeout,
    top,
    touch,
    tr,
    true: succeed,
    truncate,
    tty,
    uname,
    uniq,
    uptime,
    vi: unavailable,
    watch: unavailable,
    wc,
    wget,
    which,
    whoami,
    yes,
  }),
);

/** Programs with files of their own. */
export const STANDALONE_PROGRAMS: ReadonlyMap<string, Program> = new Map(
  Object.entries({
    bash: runShell,
    curl,
    nano: unavailable,
    vim: unavailable,
    apk: unavailable,
    apt: unavailable,
  }),
);
