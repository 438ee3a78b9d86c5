import type { ExcludedFrom } from '../contracts/exclusions.ts';
import { matchesGlob } from '../contracts/glob.ts';
import { isAbout, type SkipRule, type SkipSubject } from '../contracts/skip.ts';
import type { StageName } from '../contracts/stages.ts';
import { canAdopt } from './lifecycle/adopt-base.ts';
import type { Plan } from './plan.ts';
import type { TestState } from './test-state.ts';
import { isExpired } from './triage.ts';

/** The package is the one that was asked for, or that the file turned out to be. */
export function skipSubject({ request }: Plan, { tested }: TestState): SkipSubject {
  const { distribution, version } = request.system;
  return { distribution, version, packageName: tested.name };
}

/** What the exclusion document says of this test; nothing without one. */
export function excludedFrom({ exclusions }: Plan, subject: SkipSubject): ExcludedFrom {
  return exclusions?.for(subject) ?? { exclusions: [], unknown: [] };
}

function findRule(plan: Plan, state: TestState, fits: (rule: SkipRule) => boolean): SkipRule | undefined {
  const subject = skipSubject(plan, state);
  return plan.request.skip.find((rule) => fits(rule) && isAbout(rule, subject) && !isExpired(rule, state.today));
}

const said = (why: string): string => `skipped by rule: ${why}`;
const saidOf = ({ reason, expires }: SkipRule): string => said(expires ? `${reason} (until ${expires})` : reason);

/** Why a rule of the request, or else the exclusion document, takes a stage out; undefined: none does. */
export function skipOfStage(name: StageName, plan: Plan, state: TestState): string | undefined {
  const rule = findRule(plan, state, ({ stage, tests }) => stage === name && tests === undefined);
  if (rule) return saidOf(rule);
  const excluded = excludedFrom(plan, skipSubject(plan, state)).exclusions.find(({ stage }) => stage === name);
  return excluded && said(excluded.reason);
}

/** Why a rule takes one test of a suite out; undefined: none does. */
export function skipOfTest(name: string, plan: Plan, state: TestState): string | undefined {
  const rule = findRule(plan, state, ({ tests }) => tests !== undefined && matchesGlob(name, tests));
  return rule && saidOf(rule);
}

/** Stages that need the package to be installed, and would install it themselves. */
const NEED_PACKAGE: readonly StageName[] = [
  'package_integrity_tests',
  'third_party_tests',
  'uninstall_package',
  'reinstall_package',
  'downgrade_package',
  'purge_package',
  'install_package_again',
];
/** Stages that need the package to be gone, and would remove it themselves. */
const NEED_REMOVAL: readonly StageName[] = ['purge_package', 'install_package_again'];

/**
 * Why a stage cannot run because a rule took out an earlier one: what must not be done must not be done by another stage
 * either, which would bring about what it needs.
 */
export function skipForWantOf(name: StageName, plan: Plan, state: TestState): string | undefined {
  const { presence, ruledOut, tested } = state;
  const absent = presence.status === 'never' || (presence.status === 'installed' && presence.base === true);
  if (ruledOut.has('install_package') && absent && NEED_PACKAGE.includes(name) && !canAdopt(plan, state)) {
    return `${tested.name} is not installed: install_package was skipped by rule`;
  }
  if (ruledOut.has('uninstall_package') && presence.status === 'installed' && NEED_REMOVAL.includes(name)) {
    return `${tested.name} is still installed: uninstall_package was skipped by rule`;
  }
  return undefined;
}
