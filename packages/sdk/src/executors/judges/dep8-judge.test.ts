import { describe, expect, it } from 'vitest';
import type { ExecEnd } from '../../contracts/environment.ts';
import type { Judgement } from '../../contracts/suite-plan.ts';
import { createJudge } from './create-judge.ts';

const exit = (code: number): ExecEnd => ({ type: 'exit', code });
const KILLED: ExecEnd = { type: 'signal', signal: 'SIGKILL' };
const TOO_LONG: ExecEnd = { type: 'time-limit', limitMs: 90_000 };

describe('DEP-8', () => {
  const DEP8 = { allowStderr: false, skippable: false, flaky: false };
  function dep8(options: Partial<typeof DEP8>, end: ExecEnd, stderr = ''): Judgement {
    const judging = createJudge({ type: 'dep8', ...DEP8, ...options });
    judging.push({ stream: 'stdout', bytes: Buffer.from('1..1\nnot ok 1\n') });
    judging.push({ stream: 'stderr', bytes: Buffer.from(stderr) });
    return judging.end(end);
  }

  it('passes with exit code 0 and nothing on standard error, whatever is on standard output', () => {
    expect(dep8({}, exit(0))).toEqual({ status: 'passed', cases: [] });
  });

  it('fails with anything on standard error but where that is allowed', () => {
    expect(dep8({}, exit(0), '\nwarning: x\nmore')).toEqual({
      status: 'failed',
      reason: 'wrote to stderr: warning: x',
      cases: [],
    });
    expect(dep8({}, exit(0), '\n').status).toBe('failed');
    expect(dep8({ allowStderr: true }, exit(0), 'warning: x').status).toBe('passed');
  });

  it('is skipped by exit code 77 where that is said', () => {
    expect(dep8({ skippable: true }, exit(77), 'no hardware')).toMatchObject({ status: 'skipped' });
    expect(dep8({}, exit(77))).toMatchObject({ status: 'failed', reason: 'exit code 77' });
  });

  it('fails with another exit code, a signal, and after its time limit', () => {
    expect(dep8({ allowStderr: true }, exit(1))).toMatchObject({ status: 'failed', reason: 'exit code 1' });
    expect(dep8({}, KILLED)).toMatchObject({ status: 'failed', reason: 'ended by SIGKILL' });
    expect(dep8({}, TOO_LONG)).toMatchObject({ status: 'timed-out', reason: 'not done after 90 s' });
  });

  it.each([exit(1), KILLED, TOO_LONG])('is flaky, not failed, where that is said: %j', (end) => {
    expect(dep8({ flaky: true }, end).status).toBe('flaky');
    expect(dep8({ flaky: true }, exit(0)).status).toBe('passed');
  });
});
