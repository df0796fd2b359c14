// What of a node's machine wants looking at, and its figures in words.
import type { TFunction } from "i18next";
import type { Machine } from "../api/types";

/** Below this share of the disk, or these many MiB, pictures are soon thinned. */
export const SHORT_SHARE = 0.05;
export const SHORT_MB = 512;
/** Boards slow themselves down from about here on. */
export const HOT_C = 80;

const MIB_IN_GIB = 1024;

export function diskIsShort(machine: Machine): boolean {
  const { disk_free_mb: free, disk_total_mb: total } = machine;
  return free !== null && total !== null && (free < SHORT_MB || free < total * SHORT_SHARE);
}

export const isHot = (machine: Machine): boolean => machine.temperature_c !== null && machine.temperature_c >= HOT_C;

export function shareText(t: TFunction, free: number | null, total: number | null): string {
  if (free === null || total === null) return t("machine.unknown");
  return t("machine.share", { free: gib(free), total: gib(total) });
}

export const loadText = (t: TFunction, load: number | null): string =>
  load === null ? t("machine.unknown") : t("machine.load_share", { percent: Math.min(100, Math.round(load * 100)) });

export const degreesText = (t: TFunction, degrees: number | null): string =>
  degrees === null ? t("machine.unknown") : `${Math.round(degrees)} °C`;

const gib = (mib: number): string => (mib / MIB_IN_GIB).toFixed(mib < 10 * MIB_IN_GIB ? 1 : 0);
