import { randomUUID } from 'node:crypto';
import type { ResultStore } from '@alts/sdk/plugin';
import { CASE_TIMEOUT_MS, type TestFramework } from './framework.ts';
import { puttingCases } from './store/putting-cases.ts';
import { readingCases } from './store/reading-cases.ts';
import { refusingCases } from './store/refusing-cases.ts';
import { removingCases } from './store/removing-cases.ts';
import { type CreateSilent, silenceCases } from './store/silence-cases.ts';
import type { StoreCase } from './store/store-subject.ts';

export interface ResultStoreConformanceOptions {
  readonly name: string;
  readonly framework: TestFramework;
  /** Called once for each case. */
  readonly create: () => ResultStore | Promise<ResultStore>;
  /** A store of the same kind that cannot work: nobody listens there, or the place is not usable. */
  readonly createUnreachable: () => ResultStore | Promise<ResultStore>;
  /**
   * A store of the same kind whose server is at that URL, and falls silent: it has to give up after a second or two.
   * Left out: it talks to no server over HTTP.
   */
  readonly createSilent?: CreateSilent;
  /** It has `remove`; default true. */
  readonly removes?: boolean;
}

const GROUPS: Readonly<Record<string, readonly StoreCase[]>> = {
  put: puttingCases,
  'get and list': readingCases,
  'what is refused': refusingCases,
};

/** Proves that a result store keeps the contract `result-store/1`. */
export function resultStoreConformance(options: ResultStoreConformanceOptions): void {
  const { name, framework, create, createUnreachable, createSilent, removes = true } = options;
  const groups = {
    ...GROUPS,
    ...(removes && { remove: removingCases }),
    ...(createSilent && { 'a server that is silent': silenceCases(createSilent) }),
  };
  const test = ({ name: sentence, run }: StoreCase) =>
    framework.it(
      sentence,
      async () => run({ store: await create(), createUnreachable, taskId: `conformance-${randomUUID()}` }),
      CASE_TIMEOUT_MS,
    );
  framework.describe(`${name} keeps result-store/1`, () => {
    for (const [group, cases] of Object.entries(groups)) framework.describe(group, () => cases.forEach(test));
  });
}
