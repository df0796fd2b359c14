// The office's table: looked through row by row, and taken only after somebody saw what would come of it.
import { useMutation } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { serverClock } from "../../api/clock";
import { sendTable, TABLE_MOST, tableForm, type TableReport, type TableRow } from "../../api/people";
import { Dialog } from "../../components/Dialog";
import { DayField, Field, TextField } from "../../components/Field";
import { Problem } from "../../components/Problem";
import { Said } from "../../components/Said";
import { columnName, refusalText } from "../../i18n/codes";
import { saidLines } from "../../logic/said";
import { reportAsCsv } from "../../logic/tableReport";
import { dayIn, daysLater } from "../../logic/zone";
import { useSite } from "../../state/session";
import { useImport } from "./useImport";

const A_YEAR = 365;

export function ImportDialog({ onClose }: { onClose(): void }): ReactElement {
  const { t } = useTranslation();
  const { timezone } = useSite();
  const [file, setFile] = useState<File | null>(null);
  const [ground, setGround] = useState(t("table.ground_usual"));
  const [until, setUntil] = useState(() => daysLater(dayIn(serverClock.now(), timezone), A_YEAR));
  const look = useMutation({ mutationFn: (chosen: File) => sendTable("look", { file: chosen, ground, until, press: "" }) });
  const take = useImport();
  const most = file === null ? 0 : TABLE_MOST[tableForm(file)];
  // The gateway would hang up in the middle of it, which looks as if it were away.
  const large = file !== null && file.size > most;
  const ready = file !== null && !large && ground.trim() !== "" && until !== "" && !look.isPending && !take.busy;
  const changed = (): void => {
    look.reset();
    take.reset();
  };
  return (
    <Dialog title={t("table.title")} onClose={onClose}>
      <div className="order-form">
        <p className="quiet">{t("table.intro")}</p>
        <Field
          label={t("table.file")}
          type="file"
          accept=".csv,.xlsx,.zip"
          onChange={(event) => {
            setFile(event.target.files?.[0] ?? null);
            changed();
          }}
        />
        <div className="desk-line">
          <TextField
            label={t("table.ground")}
            hint={t("table.ground_usual")}
            value={ground}
            most={200}
            onValue={(value) => {
              setGround(value);
              changed();
            }}
          />
          <DayField
            label={t("people.consent_until")}
            value={until}
            onValue={(value) => {
              setUntil(value);
              changed();
            }}
          />
        </div>
        <Problem error={large ? t("table.large", { most: most >> 20 }) : (look.error ?? take.error)} words={refusalText} />
        {take.failedAfter !== null && take.failedAfter > 0 && <p role="status">{t("table.failed_after", { count: take.failedAfter })}</p>}
        {take.report === null && (
          <button type="button" className="button" disabled={!ready} onClick={() => file !== null && look.mutate(file)}>
            {look.isPending ? t("table.looking") : t("table.look")}
          </button>
        )}
        {take.report !== null && <Report report={take.report} done />}
        {take.report === null && look.data !== undefined && (
          <>
            <Report report={look.data} done={false} />
            <button
              type="button"
              className="button button-main"
              disabled={!ready || look.data.enrolled === 0}
              onClick={() => file !== null && take.take({ file, ground, until })}
            >
              {take.busy ? t("table.taking") : t("table.take", { count: look.data.enrolled })}
            </button>
            {take.rows !== null && <p role="status">{t("table.so_far", { rows: take.rows, of: look.data.rows.length })}</p>}
          </>
        )}
      </div>
    </Dialog>
  );
}

const inWords = (t: TFunction) => ({
  column: (name: string) => columnName(t, name),
  reason: (text: string) => saidLines(t, text) ?? text,
});

/** The whole of it is in the address, so that nothing has to be kept for it. */
const asAddress = (text: string): string => `data:text/csv;charset=utf-8,${encodeURIComponent(text)}`;

/** First the numbers, then the rows that somebody must see to. */
function Report({ report, done }: { report: TableReport; done: boolean }): ReactElement {
  const { t } = useTranslation();
  const noted = report.rows.filter((row) => row.errors.length > 0 || row.warnings.length > 0);
  const numbers = { enrolled: report.enrolled, refused: report.refused };
  return (
    <div role="status">
      <p>
        <strong>{done ? t("table.done", numbers) : t("table.would", numbers)}</strong>
      </p>
      {Object.values(report.losses).some((count) => count > 0) && <p className="day-late">{t("table.losses", { ...report.losses })}</p>}
      {report.strays.length > 0 && <p className="day-late">{t("table.strays", { names: report.strays.join(", ") })}</p>}
      <a className="button" download="report.csv" href={asAddress(reportAsCsv(report, inWords(t)))}>
        {t("table.download")}
      </a>
      <ul className="account-list">
        {noted.map((row) => (
          <li key={row.row}>
            <Noted row={row} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Noted({ row }: { row: TableRow }): ReactElement {
  const { t } = useTranslation();
  return (
    <div>
      <strong>
        {t("table.row", { row: row.row })} {row.id}{" "}
        <span className={row.outcome === "refused" ? "day-absent" : "day-present"}>{t(`table.${row.outcome}`)}</span>
      </strong>
      {row.errors.map((fault) => (
        <div key={`${fault.column} ${fault.reason}`} className="day-absent">
          {fault.column === "" ? "" : `${columnName(t, fault.column)}: `}
          <Said text={fault.reason} />
        </div>
      ))}
      {row.warnings.map((warning) => (
        <div key={warning} className="quiet">
          <Said text={warning} />
        </div>
      ))}
    </div>
  );
}
