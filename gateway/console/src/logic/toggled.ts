// One more chosen, or one less.

export const toggled = <T>(chosen: readonly T[], item: T): T[] =>
  chosen.includes(item) ? chosen.filter((each) => each !== item) : [...chosen, item];
