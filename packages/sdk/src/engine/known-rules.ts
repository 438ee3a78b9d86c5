import type { Checker } from '../contracts/checker.ts';
import { AltsError } from '../contracts/errors.ts';
import { matchesGlob } from '../contracts/glob.ts';
import type { Severities, Waiver } from '../contracts/waivers.ts';
import { nearest } from './nearest.ts';

/** What the engine says of any checker that finds more than is listed. */
export const TOO_MANY_FINDINGS = 'too-many-findings';

/** The checker that findings about waivers are said to be of: it judges the request and not the package. */
export const WAIVERS = 'waivers';

/** The checker that findings about skip rules and exclusions are said to be of. */
export const SKIPS = 'skips';

/** `['files', 'broken-link']` of `files/broken-link`. */
export function splitRule(text: string): readonly [checker: string, rule: string] {
  const slash = text.indexOf('/');
  return [text.slice(0, slash), text.slice(slash + 1)];
}

function refusal(field: string, what: string, written: string, near: string | undefined): AltsError {
  const hint = near === undefined ? 'there are no checkers' : `did you mean ${JSON.stringify(near)}?`;
  return new AltsError('invalid_request', `${field}: unknown ${what} in ${JSON.stringify(written)}; ${hint}`);
}

function assertRule(written: string, field: string, checkers: readonly Checker[]): void {
  const [id, pattern] = splitRule(written);
  const checker = checkers.find((candidate) => candidate.id === id);
  if (!checker) {
    const ids = checkers.map((candidate) => candidate.id);
    const near = nearest(id, ids);
    throw refusal(field, 'checker', written, near && `${near}/${pattern}`);
  }
  const rules = [...checker.rules.map((rule) => rule.id), TOO_MANY_FINDINGS];
  if (rules.some((rule) => matchesGlob(rule, pattern))) return;
  throw refusal(field, 'rule', written, `${id}/${nearest(pattern, rules)}`);
}

/**
 * Checks that every checker and rule that is named is one that there is.
 * @throws {AltsError} `invalid_request`; the message names the field, the value and the one that is most like it
 */
export function assertKnownRules(
  { severities, waivers }: { readonly severities: Severities; readonly waivers: readonly Waiver[] },
  checkers: readonly Checker[],
): void {
  for (const key of Object.keys(severities)) assertRule(key, 'severities', checkers);
  for (const [index, { rule }] of waivers.entries()) assertRule(rule, `waivers.${index}.rule`, checkers);
}
