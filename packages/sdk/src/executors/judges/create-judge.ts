import type { Judge, Protocol } from '../../contracts/suite-plan.ts';
import { Dep8Judge } from './dep8-judge.ts';
import { TapJudge } from './tap-judge.ts';

/** A judge for one attempt. Another attempt needs another judge. */
export function createJudge(protocol: Protocol): Judge {
  return protocol.type === 'tap' ? new TapJudge() : new Dep8Judge(protocol);
}
