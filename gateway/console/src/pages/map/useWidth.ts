// How wide something stands on the screen, so that signs on a plan keep the size of a fingertip.
import { type RefObject, useEffect, useState } from "react";

export function useWidth(place: RefObject<Element | null>): number {
  const [width, setWidth] = useState(800);
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const seen = new ResizeObserver(([entry]) => entry && setWidth(Math.max(1, entry.contentRect.width)));
    seen.observe(element);
    return () => seen.disconnect();
  }, [place]);
  return width;
}
