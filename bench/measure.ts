/** Milliseconds that one run takes. */
export async function time(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

export interface Spread {
  readonly minimum: number;
  readonly median: number;
  readonly maximum: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const half = (sorted.length - 1) / 2;
  return { minimum: at(0), median: (at(Math.floor(half)) + at(Math.ceil(half))) / 2, maximum: at(sorted.length - 1) };
}

/** Runs each contender in turn, round after round, so that what disturbs the machine disturbs all of them. */
export async function alternate<Name extends string>(
  contenders: Readonly<Record<Name, () => Promise<unknown>>>,
  rounds: number,
): Promise<Record<Name, Spread>> {
  const names = Object.keys(contenders) as Name[];
  const taken = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) taken[name].push(await time(contenders[name]));
  }
  return Object.fromEntries(names.map((name) => [name, spread(taken[name])])) as Record<Name, Spread>;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(2).padStart(7);

/** One row of a table in seconds. */
export function row(what: string, { minimum, median, maximum }: Spread, note = ''): string {
  return `${what.padEnd(30)}${seconds(minimum)}${seconds(median)}${seconds(maximum)}  ${note}`.trimEnd();
}

export const HEADER = `${'seconds'.padEnd(30)}${['min', 'median', 'max'].map((name) => name.padStart(7)).join('')}`;
