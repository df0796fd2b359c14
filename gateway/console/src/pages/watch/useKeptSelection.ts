// Pins what is selected by itself, so that a newer alert does not slip under a finger that is on its way to the key.
import { useEffect } from "react";
import { useDesk } from "../../state/desk";

export function useKeptSelection(selectedId: string | null): void {
  const stored = useDesk((desk) => desk.selected);
  const select = useDesk((desk) => desk.select);
  useEffect(() => {
    if (stored !== selectedId) select(selectedId);
  }, [stored, selectedId, select]);
}
