import { Parser, type Result } from 'tap-parser';
import { shortLine } from './judge-end.ts';
import { type CasesMark, TapCases } from './tap-cases.ts';
import type { TapLineType } from './tap-lines.ts';

/** Lines in a row that are no test points and are read all the same: the library keeps some until the next point. */
const IDLE_LIMIT = 1000;
/** Numbers of test points that are remembered, to see one that comes twice. */
const NUMBERS_LIMIT = 10_000;
/** What the library says of the number of tests is said here, better, or is no fault. */
const COUNT_FAULTS: ReadonlySet<string> = new Set(['no plan', 'incorrect number of tests']);

/** TAP, or a subtest in it, while it is read. */
interface Document {
  readonly parser: Parser;
  /** What was known when it began. */
  readonly before: CasesMark;
  /** What breaks the rules of TAP; counts only where there is a plan. */
  fault?: string | undefined;
  /** The subtest that ended last, until the test point that closes it. */
  closed?: Document | undefined;
}

/** Reads lines of TAP with tap-parser, and keeps it from keeping what has no limit. */
export class TapDocument {
  readonly cases = new TapCases();
  /** What follows `Bail out!`. */
  bailedOut: string | undefined;
  readonly #root = new Parser();
  /** The document, its subtest, the subtest of that. */
  readonly #open: Document[] = [];
  #idle = 0;

  constructor() {
    const document = this.#follow(this.#root);
    this.#root.on('result', (result: Result) => this.cases.add(result));
    this.#root.on('bailout', (reason: unknown) => {
      this.bailedOut ??= typeof reason === 'string' ? shortLine(reason) : '';
    });
    // A second plan, a test point after the plan at the end.
    this.#root.on('extra', (line: string) => {
      document.fault ??= `out of place: ${shortLine(line)}`;
    });
  }

  /** A plan `1..0`: no test is to be run. The text is the reason; undefined: there is no such plan. */
  get skippedAll(): string | undefined {
    const { planStart, planEnd, planComment, syntheticPlan } = this.#root;
    if (planStart !== 1 || planEnd !== 0 || syntheticPlan) return undefined;
    return shortLine(planComment.replace(/^skip\S*/i, ''));
  }

  /** Only test points are read until there is one. */
  get wantsPointsOnly(): boolean {
    return this.#idle > IDLE_LIMIT;
  }

  read(line: string, level: number, type: TapLineType): void {
    this.#idle += 1;
    if (this.bailedOut !== undefined) return;
    if (type === 'brace' && !this.#open[level + 1]?.parser.buffered) return;
    if (type !== 'point' && this.wantsPointsOnly) return;
    this.#root.write(line);
    // What was said before this point is about another, which is complete now.
    if (type === 'point') this.cases.diagnostics.take();
    for (const document of this.#open) forget(document);
  }

  end(): void {
    this.#root.end();
  }

  #follow(parser: Parser): Document {
    const document: Document = { parser, before: this.cases.mark() };
    this.#open.push(document);
    parser.on('assert', (result: Result) => this.#onPoint(document, result));
    parser.on('child', (child: Parser) => this.#follow(child));
    parser.on('complete', () => this.#onEnd(document));
    return document;
  }

  /** A test point closes the subtest before it: it gives it its name, and its TODO goes for all of it. */
  #onPoint(document: Document, result: Result): void {
    this.#idle = 0;
    this.cases.complete();
    const { closed, parser } = document;
    document.closed = undefined;
    if (!closed) return;
    if (closed.parser.name === '' && result.name !== '') {
      closed.parser.name = result.name;
      this.cases.nameSince(closed.before, parser.fullname, result.name);
    }
    if (result.todo || result.skip) this.cases.excuseSince(closed.before);
  }

  #onEnd(document: Document): void {
    forget(document);
    this.#open.splice(this.#open.indexOf(document));
    const parent = this.#open.at(-1);
    if (parent) parent.closed = document;
    const { planStart, planEnd, count, fullname, syntheticPlan } = document.parser;
    if (planStart === -1 || syntheticPlan || this.bailedOut !== undefined) return;
    const planned = planEnd - planStart + 1;
    const fault = count === planned ? document.fault : `planned ${planned}, ran ${count}`;
    if (fault) this.cases.fault ??= shortLine(fullname === '' ? fault : `${fullname}: ${fault}`);
  }
}

/** The library keeps comments, failures, skips and numbers for a summary that nobody asks for. */
function forget(document: Document): void {
  const { parser } = document;
  for (const { tapError } of parser.failures) {
    if (tapError && !COUNT_FAULTS.has(tapError)) document.fault ??= tapError;
  }
  for (const list of [parser.comments, parser.failures, parser.skips, parser.todos]) list.length = 0;
  if (parser.pointsSeen.size > NUMBERS_LIMIT) parser.pointsSeen.clear();
}
