// A list of any length of which only what is seen is drawn.
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactElement, type ReactNode, useEffect, useRef } from "react";

/** Rows from the end at which the next page is asked for. */
const AHEAD = 12;

interface Props<T> {
  label: string;
  items: readonly T[];
  idOf(item: T): string;
  /** Height of a row in pixels, before it is measured. */
  estimate: number;
  render(item: T): ReactNode;
  /** Asks for the next page; null when there is none or it is under way. */
  more: (() => void) | null;
  foot: string | null;
}

export function VirtualList<T>({ label, items, idOf, estimate, render, more, foot }: Props<T>): ReactElement {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => estimate,
    getItemKey: (index) => keyAt(items, index, idOf),
    overscan: 8,
  });
  const rows = list.getVirtualItems();
  const lastShown = rows.at(-1)?.index ?? -1;
  useEffect(() => {
    if (more !== null && lastShown >= items.length - AHEAD) more();
  }, [more, lastShown, items.length]);

  return (
    // Focusable, so that the keyboard can scroll it.
    <div className="panel-scroll virtual" ref={scroller} tabIndex={0} role="group" aria-label={label}>
      <ul className="virtual-list" style={{ height: list.getTotalSize() }}>
        {rows.map((row) => {
          const item = items[row.index];
          return item === undefined ? null : (
            <li
              key={row.key}
              ref={list.measureElement}
              data-index={row.index}
              className="virtual-row"
              style={{ transform: `translateY(${row.start}px)` }}
            >
              {render(item)}
            </li>
          );
        })}
      </ul>
      {foot !== null && <p className="virtual-foot">{foot}</p>}
    </div>
  );
}

function keyAt<T>(items: readonly T[], index: number, idOf: (item: T) => string): string | number {
  const item = items[index];
  return item === undefined ? index : idOf(item);
}
