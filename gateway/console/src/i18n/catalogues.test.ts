import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import en from "./en";
import { preferredLanguage } from "./index";
import zh from "./zh-CN";

type Tree = { [key: string]: string | Tree };

function flatten(tree: Tree, path = ""): Map<string, string> {
  const words = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    const here = path === "" ? key : `${path}.${key}`;
    if (typeof value === "string") words.set(here, value);
    else for (const [inner, word] of flatten(value, here)) words.set(inner, word);
  }
  return words;
}

const chinese = flatten(zh);
const english = flatten(en);
const blanks = (text: string): string[] => (text.match(/\{\{\w+\}\}/g) ?? []).toSorted();

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "i18n" ? [join(path, "codes.ts")] : sources(path);
    return /\.tsx?$/.test(entry.name) && !entry.name.endsWith(".test.ts") ? [path] : [];
  });
}

const code = sources(join(import.meta.dirname, ".."))
  .map((path) => readFileSync(path, "utf8"))
  .join("\n");

test("both languages have the same keys, none empty, with the same blanks to fill", () => {
  expect([...english.keys()].toSorted()).toEqual([...chinese.keys()].toSorted());
  for (const [key, word] of chinese) {
    expect(word, key).not.toBe("");
    expect(english.get(key), key).not.toBe("");
    expect(blanks(english.get(key) ?? ""), key).toEqual(blanks(word));
  }
});

test("the Chinese catalogue is Chinese and the English one is not", () => {
  const han = /\p{Script=Han}/u;
  const codesOnly = /^(\s|\p{P}|\{\{\w+\}\})*$/u;
  for (const [key, word] of chinese) expect(han.test(word) || codesOnly.test(word), key).toBe(true);
  for (const [key, word] of english) expect(han.test(word), key).toBe(false);
});

test("every key that the page asks for exists", () => {
  const asked = [...code.matchAll(/\bt\(\s*"([\w.]+)"/g)].map((match) => match[1] ?? "");
  expect(asked.length).toBeGreaterThan(80);
  expect(asked.filter((key) => !chinese.has(key) && !chinese.has(`${key}_other`))).toEqual([]);
});

test("every key is used, by itself or as one of a group", () => {
  const quoted = new Set([...code.matchAll(/"([a-z_]+\.[\w.]+)"/g)].map((match) => match[1] ?? ""));
  const groups = [...code.matchAll(/`([a-z_]+\.[\w]*)\$\{/g)].map((match) => match[1] ?? "");
  const used = (key: string): boolean => {
    const plain = key.replace(/_(one|other)$/, "");
    return quoted.has(key) || quoted.has(plain) || groups.some((group) => key.startsWith(group));
  };
  expect([...chinese.keys()].filter((key) => !used(key))).toEqual([]);
});

test("no words stand in the code outside of the catalogues", () => {
  const withoutComments = code.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/\/\/.*$/gm, "");
  const strings = withoutComments.match(/\p{Script=Han}+/gu) ?? [];
  // Characters that are painted on plates.
  expect(strings).toEqual(["警学挂港澳使领"]);
});

test("Chinese comes first, English where only English is asked for", () => {
  expect(preferredLanguage(["zh-TW", "en"])).toBe("zh-CN");
  expect(preferredLanguage(["en-GB"])).toBe("en");
  expect(preferredLanguage(["fr"])).toBe("zh-CN");
});
