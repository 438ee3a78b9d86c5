import type { ExecEnd, OutputChunk } from '../../contracts/environment.ts';
import type { Judge, Judgement } from '../../contracts/suite-plan.ts';
import { faultOf } from './judge-end.ts';
import { TapDocument } from './tap-document.ts';
import { type TapLineReader, TapLines, type TapLineType } from './tap-lines.ts';

/** A test point that nobody prints by chance: with a number, or with ` - ` before its description. */
const MEANT = /^(not )?ok( \d+\b| - )/;
const DECLARES: ReadonlySet<TapLineType> = new Set(['version', 'plan', 'subtest']);

/**
 * Judges by test points where standard output is TAP, with the exit code as the second witness, and else by the exit code
 * alone. It is TAP when it has, not indented, a version, a plan, `# Subtest`, or a test point with a number or a ` - `; the
 * line `ok` of a log is none. As prove(1) does, a test whose cases were all skipped has passed; other than there, a plan
 * may be missing. Diagnostics are kept of test points that are `not ok`.
 * Source: the TAP 14 specification, testanything.org.
 */
export class TapJudge implements Judge, TapLineReader {
  readonly #document = new TapDocument();
  readonly #lines = new TapLines(this);
  #isTap = false;
  #began = false;

  push({ stream, bytes }: OutputChunk): void {
    if (stream === 'stdout') this.#lines.push(bytes);
  }

  end(end: ExecEnd): Judgement {
    this.#lines.end();
    this.#document.end();
    const { cases } = this.#document;
    const told = this.#isTap
      ? { cases: cases.list, ...(cases.omitted > 0 && { casesOmitted: cases.omitted }) }
      : { cases: [] };
    const fault = faultOf(end);
    if (end.type === 'time-limit') return { status: 'timed-out', reason: fault, ...told };
    if (!this.#isTap)
      return fault === undefined ? { status: 'passed', ...told } : { status: 'failed', reason: fault, ...told };
    const tapFault = this.#tapFault();
    if (tapFault !== undefined) return { status: 'failed', reason: withExit(tapFault, fault), ...told };
    if (fault !== undefined) return { status: 'failed', reason: `no case failed, but ${fault}`, ...told };
    const skipped = this.#document.skippedAll;
    if (skipped !== undefined) return { status: 'skipped', reason: skipped || 'the plan is 1..0', ...told };
    return { status: 'passed', ...told };
  }

  #tapFault(): string | undefined {
    const { bailedOut, cases, skippedAll } = this.#document;
    if (bailedOut !== undefined) return bailedOut === '' ? 'bailed out' : `bailed out: ${bailedOut}`;
    if (cases.failed > 0) return `${cases.failed} of ${cases.count} cases failed, the first: ${cases.firstFailed}`;
    if (cases.fault !== undefined) return cases.fault;
    return cases.count === 0 && skippedAll === undefined ? 'TAP without any test' : undefined;
  }

  get wantsPointsOnly(): boolean {
    return this.#document.wantsPointsOnly;
  }

  get wantsNoDiagnostics(): boolean {
    return this.#document.cases.diagnostics.isFull;
  }

  onDiagnostic(text: string): void {
    this.#document.cases.diagnostics.add(text);
  }

  onTap(line: string, level: number, type: TapLineType): void {
    if (level === 0) this.#isTap ||= type === 'point' ? MEANT.test(line) : DECLARES.has(type);
    // A version that comes late is that of another program that was run: it says nothing more.
    if (type !== 'version' || !this.#began) this.#document.read(line, level, type);
    this.#began = true;
  }
}

function withExit(fault: string, exit: string | undefined): string {
  return exit === undefined || exit.startsWith('exit code') ? fault : `${fault}; ${exit}`;
}
