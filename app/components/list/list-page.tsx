"use client";

import { RefreshCw } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { formatNumber } from "../audit/format-count.ts";
import { ShortcutsDialog } from "../audit/shortcuts/shortcuts-dialog.tsx";
import { useShortcuts } from "../audit/shortcuts/use-shortcuts.ts";
import { FailedRows, LoadingRows } from "../audit/table-states.tsx";
import { Button } from "../button.tsx";
import { classNames } from "../class-names.ts";
import { FootKeys } from "../foot-keys.tsx";
import { MessagePanel } from "../message-panel.tsx";
import { TopBar } from "../shell/top-bar.tsx";
import { Tooltip } from "../tooltip.tsx";
import { useMediaQuery } from "../use-media-query.ts";
import type { ListColumn, RowAction } from "./list-column.ts";
import { ListPhoneRows, type PhoneLines } from "./list-phone-rows.tsx";
import { ListSearch } from "./list-search.tsx";
import { ListTable } from "./list-table.tsx";
import { nextSort, readSort, sortRows } from "./sort-rows.ts";
import type { ListModel } from "./use-list.ts";

const MOVE: [string[], string] = [["j", "k"], "move"];
const OTHER_KEYS: [string[], string][] = [
  [["/"], "search"],
  [["?"], "all keys"],
];
const KEYS = [MOVE, ...OTHER_KEYS];
const KEYS_OF_OPENING: typeof KEYS = [MOVE, [["Enter"], "open"], ...OTHER_KEYS];

export interface ListPageProps<Row> {
  model: ListModel<Row>;
  path: readonly string[];
  title: string;
  noun: { one: string; many: string };
  /** What can be searched, in words. */
  searchLabel: string;
  columns: readonly ListColumn<Row>[];
  nameOf: (row: Row) => string;
  linesOf: (row: Row) => PhoneLines;
  /** Beside the search. */
  filters?: ReactNode;
  /** Buttons of the top bar. */
  actions?: ReactNode;
  actionsOf?: (row: Row) => readonly RowAction[];
  isDim?: (row: Row) => boolean;
  /** What an empty list says: what these are, and how the first comes to be. */
  empty: { title: string; text: ReactNode; action?: ReactNode };
  /** Stands beside the list: the open row. */
  drawer?: ReactNode;
  opens?: boolean;
}

/** A page with one list: search, rows, states and keys; the open row's drawer stands beside it. */
export function ListPage<Row>(props: ListPageProps<Row>) {
  const { model, noun, path, title, columns, drawer } = props;
  const [keysOpen, setKeysOpen] = useState(false);
  const [focused, setFocused] = useState(-1);
  const rows = useMemo(
    () => sortRows(model.rows ?? [], columns, readSort(model.sort, columns)),
    [model.rows, model.sort, columns],
  );
  const move = (by: number) => setFocused((at) => Math.min(rows.length - 1, Math.max(0, at + by)));
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => openAt(focused),
    Escape: () => (model.opened ? model.open(null) : setFocused(-1)),
    "/": () => document.querySelector<HTMLInputElement>('[data-field="search"] input')?.focus(),
    r: model.refresh,
    "?": () => setKeysOpen(true),
  });
  function openAt(index: number) {
    const row = rows[index];
    if (row !== undefined && props.opens) model.open(row);
  }
  return (
    <>
      <main className="page page-audit">
        <TopBar path={model.opened ? [] : path} title={title}>
          <Tooltip label="Refresh" keys="r">
            <Button size="icon" aria-label="Refresh" onClick={model.refresh} className="max-tablet:hidden">
              <RefreshCw aria-hidden />
            </Button>
          </Tooltip>
          {props.actions}
        </TopBar>
        <div className={classNames("tool-bar", props.filters && "has-filters")}>
          <ListSearch value={model.search} onChange={model.setSearch} label={props.searchLabel} />
          {props.filters}
          <span className="ml-auto text-fg-3 tabular-nums" aria-live="polite">
            {countText(model, noun)}
          </span>
        </div>
        <div className="sheet">
          {model.isRefetching ? <div className="refetch-bar" aria-hidden /> : null}
          <Rows {...props} rows={rows} focused={Math.min(focused, rows.length - 1)} />
          {model.more ? (
            <Button look="link" className="mx-4 my-2" onClick={model.more}>
              Show more {noun.many}
            </Button>
          ) : null}
        </div>
        <footer className="foot">
          <span className="foot-peek" />
          <FootKeys keys={props.opens ? KEYS_OF_OPENING : KEYS} />
        </footer>
      </main>
      {drawer}
      <ShortcutsDialog open={keysOpen} onOpenChange={setKeysOpen} />
    </>
  );
}

function Rows<Row>(props: ListPageProps<Row> & { rows: readonly Row[]; focused: number }) {
  const { model, rows, columns, noun, empty } = props;
  const isPhone = useMediaQuery("(max-width: 767px)");
  if (model.rows === null) {
    if (!model.error) return <LoadingRows />;
    return <FailedRows error={model.error} noun={noun} onRetry={model.refresh} />;
  }
  if (model.all?.length === 0 && (model.total === null || model.search === "")) {
    return (
      <MessagePanel role="status" title={empty.title} actions={empty.action}>
        {empty.text}
      </MessagePanel>
    );
  }
  if (rows.length === 0) {
    return (
      <MessagePanel
        role="status"
        title={`No ${noun.many} match`}
        actions={<Button onClick={() => model.setSearch("")}>Clear search</Button>}
      >
        {model.total === null
          ? `None of the ${formatNumber(model.all?.length ?? 0)} ${noun.many} has “${model.search}” in it.`
          : `None of the ${noun.many} has “${model.search}” in it.`}
      </MessagePanel>
    );
  }
  const { keyOf, opened } = model;
  const onOpen = props.opens ? (row: Row) => model.open(row) : undefined;
  const { nameOf, actionsOf, linesOf } = props;
  if (isPhone)
    return (
      <ListPhoneRows
        rows={rows}
        keyOf={keyOf}
        nameOf={nameOf}
        linesOf={linesOf}
        actionsOf={actionsOf}
        onOpen={onOpen}
      />
    );
  const sort = readSort(model.sort, columns);
  return (
    <ListTable
      label={props.title}
      rows={rows}
      columns={columns}
      sort={sort}
      onSort={(column) => model.setSort(nextSort(sort, column))}
      focused={opened ? rows.indexOf(opened) : props.focused}
      isDim={props.isDim}
      keyOf={keyOf}
      nameOf={nameOf}
      opened={opened}
      onOpen={onOpen}
      actionsOf={actionsOf}
    />
  );
}

function countText<Row>(
  { all, rows, total, search }: ListModel<Row>,
  noun: { one: string; many: string },
): string {
  if (all === null || rows === null) return "";
  if (total !== null) {
    const counted = `${formatNumber(total)} ${total === 1 ? noun.one : noun.many}`;
    return rows.length < total ? `${formatNumber(rows.length)} of ${counted}` : counted;
  }
  const name = all.length === 1 ? noun.one : noun.many;
  return search
    ? `${formatNumber(rows.length)} of ${formatNumber(all.length)} ${name}`
    : `${formatNumber(all.length)} ${name}`;
}
