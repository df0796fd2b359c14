// English sentences that nodes and the gateway say, and which one a text is, with its values. Pure; `said` has the words.
//
// The sentences are taken from where they are said; a test reads the sources of both programs and finds each of them here.
import { AUDIT } from "./audit";
import { CONFIGURATION } from "./configuration";
import { MACHINES } from "./machines";
import { NOTICES } from "./notices";
import { PEOPLE } from "./people";
import { PLAN } from "./plan";

export { AUDIT };
export const SENTENCES = { ...CONFIGURATION, ...MACHINES, ...NOTICES, ...PEOPLE, ...PLAN } as const;
export type Sentence = keyof typeof SENTENCES;
/** Of the record alone: they have many blanks, and would be found in what is said elsewhere. */
export type AuditSentence = keyof typeof AUDIT;

/** `=`: is another sentence; `~`: may be one; `*`: several, with semicolons between; `#`: a code; `@`: a moment; `""`: a value. */
export type Kind = "=" | "~" | "*" | "#" | "@" | "";
export interface Blank {
  name: string;
  kind: Kind;
  text: string;
}
export interface Found<S extends string = Sentence> {
  sentence: S;
  blanks: Blank[];
  /** How many letters it has of its own. */
  weight: number;
}

const BLANK = /\{([=~*#@]?)(\w+)\}/g;
const SPECIAL = /[.*+?^${}()|[\]\\/]/g;

interface Pattern<S> {
  sentence: S;
  exact: RegExp;
  blanks: { name: string; kind: Kind }[];
  weight: number;
}

function patternOf<S extends string>([sentence, text]: [S, string]): Pattern<S> {
  const blanks = [...text.matchAll(BLANK)].map(([, kind = "", name = ""]) => ({ name, kind: kind as Kind }));
  const literal = text.split(BLANK).filter((_, at) => at % 3 === 0);
  const exact = new RegExp(`^${literal.map((piece) => piece.replaceAll(SPECIAL, String.raw`\$&`)).join("(.*?)")}$`, "s");
  return { sentence, exact, blanks, weight: literal.join("").length };
}

/** What says most by itself first: a short one with many blanks fits nearly everything. */
function finderOf<S extends string>(table: Record<S, string>): (text: string) => Generator<Found<S>> {
  const patterns = (Object.entries(table) as [S, string][]).map(patternOf).toSorted((a, b) => b.weight - a.weight);
  return function* (text) {
    for (const { sentence, exact, blanks, weight } of patterns) {
      const match = exact.exec(text);
      if (match !== null) yield { sentence, weight, blanks: blanks.map((blank, at) => ({ ...blank, text: match[at + 1] ?? "" })) };
    }
  };
}

/** Every sentence that a text may be, the likeliest first. */
export const sentencesOf = finderOf<Sentence>(SENTENCES);
/** Likewise of what stands in the record. */
export const auditSentencesOf = finderOf<AuditSentence>(AUDIT);

const wordsOf = <S extends string>(table: Record<S, string>): Record<S, string> =>
  Object.fromEntries(Object.entries<string>(table).map(([name, text]) => [name, text.replaceAll(BLANK, "{{$2}}")])) as Record<S, string>;

/** The sentences themselves as a catalogue's words: what is said in English needs no other English. */
export const asWords = (): Record<Sentence, string> => wordsOf<Sentence>(SENTENCES);
export const AUDIT_WORDS: Record<AuditSentence, string> = wordsOf<AuditSentence>(AUDIT);
