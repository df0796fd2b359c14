// Escape leads back, unless it is busy closing something.
import { useEffect } from "react";
import { go } from "../../state/route";

export function useEscape(address: string): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const busy = document.querySelector("dialog[open], [role=menu]") !== null;
      if (event.key === "Escape" && !busy && !event.defaultPrevented) go(address);
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [address]);
}
