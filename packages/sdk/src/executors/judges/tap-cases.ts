import type { Result } from 'tap-parser';
import type { TestCase } from '../../contracts/suite-result.ts';
import { Diagnostics } from './diagnostics.ts';
import { shortLine } from './judge-end.ts';

const CASES_LIMIT = 10_000;
const NAME_LIMIT = 1000;
const STEP = ' > ';

/** What was known at some time: where a subtest began. */
export interface CasesMark {
  readonly cases: number;
  readonly failed: number;
  readonly firstFailed: string | undefined;
  readonly fault: string | undefined;
}

/** The cases of a test, as far as there is room for them, and how many failed of all. */
export class TapCases {
  readonly list: TestCase[] = [];
  /** What is said after the last test point. */
  readonly diagnostics = new Diagnostics();
  count = 0;
  failed = 0;
  firstFailed: string | undefined;
  /** What breaks the rules of TAP so that it fails the test: the first of it. */
  fault: string | undefined;
  #said: string | undefined;

  get omitted(): number {
    return this.count - this.list.length;
  }

  /** A test point is complete: what was said since it began is about it. */
  complete(): void {
    this.#said = this.diagnostics.take();
  }

  add(result: Result): void {
    const name = cut(result.fullname === '' ? `${result.id || this.count + 1}` : result.fullname);
    const status = statusOf(result);
    this.count += 1;
    if (status === 'failed') {
      this.failed += 1;
      this.firstFailed ??= name;
    }
    if (this.list.length >= CASES_LIMIT) return;
    const directive = [result.todo, result.skip].find((value) => typeof value === 'string');
    this.list.push({
      name,
      status,
      ...(directive !== undefined && { reason: shortLine(`${directive}`) }),
      ...(this.#said !== undefined && !result.ok && { diagnostics: this.#said }),
    });
  }

  mark(): CasesMark {
    return { cases: this.list.length, failed: this.failed, firstFailed: this.firstFailed, fault: this.fault };
  }

  /** Gives the cases of a subtest its name, which was known only at its end. */
  nameSince({ cases }: CasesMark, above: string, name: string): void {
    const prefix = above === '' ? '' : `${above}${STEP}`;
    for (const one of this.list.slice(cases)) {
      const own = one.name.startsWith(prefix) ? one.name.slice(prefix.length) : one.name;
      one.name = cut(`${prefix}${name}${STEP}${own}`);
    }
  }

  /** What failed in a subtest that is itself TODO or skipped decides nothing. */
  excuseSince(before: CasesMark): void {
    for (const one of this.list.slice(before.cases)) {
      if (one.status === 'failed') one.status = 'todo';
    }
    this.failed = before.failed;
    this.firstFailed = before.firstFailed;
    this.fault = before.fault;
  }
}

function statusOf({ ok, todo, skip }: Result): TestCase['status'] {
  if (skip) return 'skipped';
  if (ok) return 'passed';
  return todo ? 'todo' : 'failed';
}

function cut(name: string): string {
  return name.length > NAME_LIMIT ? `${name.slice(0, NAME_LIMIT - 1).toWellFormed()}…` : name;
}
