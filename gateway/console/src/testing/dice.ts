// Numbers that look random and are the same each time (Park and Miller's generator), for tests over many cases.
export function dice(seed: number): (least: number, most: number) => number {
  let state = seed;
  return (least, most) => {
    state = (state * 48_271) % 2_147_483_647;
    return least + (state / 2_147_483_647) * (most - least);
  };
}
