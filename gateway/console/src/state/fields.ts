// What somebody types into a form of named text fields.
import { type ChangeEvent, useState } from "react";

interface Bound<K> {
  name: K;
  value: string;
  onChange(event: Pick<ChangeEvent<HTMLInputElement>, "target">): void;
}

export interface Fields<T> {
  said: T;
  /** What binds the input `name`. */
  field(name: keyof T & string): Bound<keyof T & string>;
  say(said: T): void;
}

export function useFields<T extends Record<string, string>>(first: T | (() => T)): Fields<T> {
  const [said, say] = useState(first);
  return {
    said,
    say,
    field: (name) => ({ name, value: said[name] ?? "", onChange: ({ target }) => say({ ...said, [name]: target.value }) }),
  };
}
