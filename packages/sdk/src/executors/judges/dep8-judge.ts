import type { ExecEnd, OutputChunk } from '../../contracts/environment.ts';
import type { Judge, Judgement, Protocol } from '../../contracts/suite-plan.ts';
import { faultOf, shortLine } from './judge-end.ts';

type Dep8 = Extract<Protocol, { type: 'dep8' }>;

const SKIPPED = 77;
/** Bytes of standard error in which its first line is looked for. */
const FIRST_BYTES = 4096;

/**
 * Judges as DEP-8 says: exit code 0 and nothing on standard error is a pass.
 * Source: autopkgtest, README.package-tests, «Overview» and «Defined restrictions»; the order of the questions is that of
 * `run_test` in its adt_testbed.py.
 */
export class Dep8Judge implements Judge {
  readonly #protocol: Dep8;
  #first = Buffer.alloc(0);
  #wroteErrors = false;

  constructor(protocol: Dep8) {
    this.#protocol = protocol;
  }

  push({ stream, bytes }: OutputChunk): void {
    if (stream !== 'stderr' || bytes.length === 0) return;
    this.#wroteErrors = true;
    const room = FIRST_BYTES - this.#first.length;
    if (room > 0) this.#first = Buffer.concat([this.#first, bytes.subarray(0, room)]);
  }

  end(end: ExecEnd): Judgement {
    const { skippable, flaky } = this.#protocol;
    if (end.type === 'exit' && end.code === SKIPPED && skippable) {
      return { status: 'skipped', reason: 'exit code 77: the test skipped itself', cases: [] };
    }
    const reason = faultOf(end) ?? this.#errorOutput();
    if (reason === undefined) return { status: 'passed', cases: [] };
    if (flaky) return { status: 'flaky', reason, cases: [] };
    return { status: end.type === 'time-limit' ? 'timed-out' : 'failed', reason, cases: [] };
  }

  #errorOutput(): string | undefined {
    if (!this.#wroteErrors || this.#protocol.allowStderr) return undefined;
    const [line = ''] = this.#first
      .toString()
      .trimStart()
      .split(/[\r\n]/, 1);
    return line === '' ? 'wrote to stderr: an empty line' : `wrote to stderr: ${shortLine(line)}`;
  }
}
