// Words for the keys of a node's configuration; a key that a newer gateway offers is shown as it is written.
import type { TFunction } from "i18next";
import type { ConfigurationField } from "../../../api/configuration";
import zh from "../../../i18n/zh-CN";

type Group = "configuration_group" | "configuration_key" | "configuration_word";

function known<G extends Group>(group: G, code: string): code is Extract<keyof (typeof zh)[G], string> {
  return code in zh[group];
}

export function fieldName(t: TFunction, field: ConfigurationField): string {
  const key = String(field.path.at(-1));
  return known("configuration_key", key) ? t(`configuration_key.${key}`) : key;
}

export function groupTitle(t: TFunction, field: ConfigurationField | undefined): string {
  const group = String(field?.path[0]);
  return known("configuration_group", group) ? t(`configuration_group.${group}`, { name: field?.of }) : group;
}

export const wordOf = (t: TFunction, word: string): string =>
  known("configuration_word", word) ? t(`configuration_word.${word}`) : word;
