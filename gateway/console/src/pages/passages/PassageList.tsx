// The passages found, newest first, further back as one scrolls.
import { type ReactElement, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { PassageFilter } from "../../api/passages";
import type { Passage } from "../../api/types";
import { Empty, Loaded } from "../../components/Loaded";
import { VirtualList } from "../../components/VirtualList";
import { flatten } from "../../logic/pages";
import { compareByTime } from "../../logic/passages";
import { usePassageSearch } from "../../state/queries";
import { PassageRow } from "./PassageRow";

interface Props {
  filter: PassageFilter;
  onOpen(passage: Passage): void;
}

export function PassageList({ filter, onOpen }: Props): ReactElement {
  const { t } = useTranslation();
  const asked = usePassageSearch(filter);
  const passages = useMemo(
    () => flatten(asked.data, (passage) => passage.id).toSorted(compareByTime),
    [asked.data],
  );
  return (
    <Loaded
      asked={asked}
      empty={passages.length === 0}
      emptyState={<Empty icon="passages" title={t("passages.empty")} text={t("passages.empty_text")} />}
    >
      <VirtualList
        label={t("passages.title")}
        items={passages}
        idOf={(passage) => passage.id}
        estimate={76}
        render={(passage) => <PassageRow passage={passage} onOpen={onOpen} />}
        more={asked.hasNextPage && !asked.isFetchingNextPage ? () => void asked.fetchNextPage() : null}
        foot={asked.hasNextPage ? t("passages.loading_more") : t("passages.end")}
      />
    </Loaded>
  );
}
