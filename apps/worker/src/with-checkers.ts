import { type Checker, createContainer, type RunTestOptions, TOKENS } from '@alts/sdk';

/** What a test is composed of, with these checkers in the place of those that come with ALTS. */
export function withCheckers(checkers: readonly Checker[] | undefined): RunTestOptions['container'] {
  const container = createContainer();
  if (checkers) container.register(TOKENS.checkers, { useValue: checkers });
  return container;
}
