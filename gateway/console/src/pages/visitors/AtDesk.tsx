// A form that asks what the site's own choices are: hosts, areas, usual times.
import type { ComponentType, ReactElement } from "react";
import type { VisitDesk } from "../../api/visits";
import { Loaded } from "../../components/Loaded";
import { useVisitDesk } from "../../state/visits";

export function AtDesk({ Form }: { Form: ComponentType<{ desk: VisitDesk }> }): ReactElement {
  const asked = useVisitDesk();
  return (
    <Loaded asked={asked} empty={asked.data === undefined} emptyState={null}>
      {asked.data !== undefined && <Form desk={asked.data} />}
    </Loaded>
  );
}
