import { expect, it } from 'vitest';
import { ForkMap } from '../../../src/sql/catalog/fork-map.ts';

it('copies see what was there and never what the other changes', () => {
  const first = new ForkMap<string, number>();
  first.set('a', 1);
  first.set('b', 2);
  const second = first.fork();
  first.set('a', 10);
  first.delete('b');
  second.set('c', 3);
  expect([...first]).toEqual([['a', 10]]);
  expect([...second]).toEqual([
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ]);
  expect([first.has('b'), second.has('b'), first.get('c')]).toEqual([false, true, undefined]);
});

it('answers like plain maps through a long random history of changes and copies', () => {
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % below;
  };
  const pairs: { fork: ForkMap<number, number>; plain: Map<number, number> }[] = [
    { fork: new ForkMap(), plain: new Map() },
  ];
  for (let step = 0; step < 5000; step++) {
    const pair = pairs[random(pairs.length)];
    if (!pair) continue;
    const key = random(120);
    const action = random(10);
    if (action === 0) {
      if (pairs.length < 8) pairs.push({ fork: pair.fork.fork(), plain: new Map(pair.plain) });
    } else if (action < 4) {
      pair.fork.delete(key);
      pair.plain.delete(key);
    } else {
      pair.fork.set(key, step);
      pair.plain.set(key, step);
    }
    expect(pair.fork.get(key)).toBe(pair.plain.get(key));
  }
  for (const { fork, plain } of pairs) {
    const byKey = (left: [number, number], right: [number, number]): number => left[0] - right[0];
    expect([...fork].sort(byKey)).toEqual([...plain].sort(byKey));
    expect([...fork.keys()].length).toBe(plain.size);
  }
});
