// An import that may take minutes: how far it is, and its report also when its answer was lost on the way.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Refused, Unreachable } from "../../api/errors";
import { fetchImport, sendTable, type TableReport, type TableRequest } from "../../api/people";
import { keys } from "../../live/keys";
import { newPress } from "../../logic/orders";

const EVERY_MS = 2_000;
/** A proxy in between gives up sooner than the gateway. */
const GIVEN_UP = new Set([502, 503, 504]);

interface Importing {
  /** Nothing can be begun. */
  busy: boolean;
  /** Rows that are done; null: none is under way. */
  rows: number | null;
  report: TableReport | null;
  error: unknown;
  /** Rows that were done before it failed, where its answer was lost; null: it did not. */
  failedAfter: number | null;
  take(asked: Omit<TableRequest, "press">): void;
  reset(): void;
}

export function useImport(): Importing {
  const client = useQueryClient();
  const [press, setPress] = useState(newPress);
  const taking = useMutation({ mutationFn: (asked: Omit<TableRequest, "press">) => sendTable("import", { ...asked, press }) });
  const lost = isLost(taking.error);
  const told = useQuery({
    queryKey: keys.tableImport(press),
    queryFn: ({ signal }) => fetchImport(signal),
    enabled: taking.isPending || lost,
    refetchInterval: (query) => (query.state.data?.press !== press || query.state.data.state === "running" ? EVERY_MS : false),
    // The gateway may not be back at once.
    retry: true,
    retryDelay: EVERY_MS,
  });
  const mine = told.data?.press === press ? told.data : undefined;
  const under = taking.isPending || (lost && mine?.state === "running");
  const report = taking.data ?? (lost ? (mine?.report ?? null) : null);
  // It failed there, whatever became of its answer.
  const failed = lost && mine?.state === "failed" ? mine : null;
  const error = failed === null ? taking.error : new Refused(0, failed.code, failed.code);
  const over = report !== null || (failed?.rows ?? 0) > 0;
  useEffect(() => {
    if (over) void client.invalidateQueries({ queryKey: keys.everybody() });
  }, [over, client]);
  return {
    busy: under,
    rows: under ? (mine?.rows ?? 0) : null,
    report,
    error: report !== null || under ? null : error,
    failedAfter: failed?.rows ?? null,
    take: (asked) => taking.mutate(asked),
    reset: () => {
      taking.reset();
      setPress(newPress());
    },
  };
}

/** Whether the import may go on although its answer will not come. */
const isLost = (error: unknown): boolean => error instanceof Unreachable || (error instanceof Refused && GIVEN_UP.has(error.status));
