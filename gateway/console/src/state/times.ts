// Times as they are read at the site, in the reader's language.
import { useMemo } from "react";
import { type Times, timesOf } from "../logic/times";
import { useSession } from "./session";
import { useSettings } from "./settings";

export function useTimes(): Times {
  const language = useSettings((settings) => settings.language);
  const zone = useSession((state) => state.session?.site.timezone ?? "Asia/Shanghai");
  return useMemo(() => timesOf(language, zone), [language, zone]);
}
