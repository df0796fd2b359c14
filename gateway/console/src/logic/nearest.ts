// How far a list has to move so that something in it is seen; nothing around the list moves with it.

/** Along one axis, in pixels: `from`..`to` is what shall be seen, `first`..`last` the list's window. 0: it is seen. */
export function nearest(from: number, to: number, first: number, last: number): number {
  if (from >= first && to <= last) return 0;
  // What is larger than the window is seen from its beginning on.
  return from < first ? from - first : Math.min(from - first, to - last);
}

/** Unlike `scrollIntoView`: a page that moves by itself is pressed at the wrong place. */
export function showWithin(element: Element, list: Element | null): void {
  if (list === null) return;
  const [what, frame] = [element.getBoundingClientRect(), list.getBoundingClientRect()];
  list.scrollBy({
    top: nearest(what.top, what.bottom, frame.top, frame.bottom),
    left: nearest(what.left, what.right, frame.left, frame.right),
  });
}
